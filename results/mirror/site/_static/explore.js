// The page on which readers choose: numbers come with the page, made by helpers.present.site.explore.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("explore-data").textContent);
  const form = byId("explore");
  const axes = Object.keys(data.axes);
  const WIDTH = 320, HEIGHT = 270, LEFT = 38, TOP = 20, BOTTOM = 30;

  // Crossings stand in the order of the axes, the last one running fastest.
  const place = (choice) => axes.reduce((at, axis) =>
    at * data.axes[axis].length + data.axes[axis].findIndex(([value]) => value === choice[axis]), 0);
  const found = (at) => typeof data.rows[at] === "number" ? null
    : Object.fromEntries(data.columns.map((name, n) => [name, data.rows[at][n]]));
  const possible = (choice) => found(place(choice)) !== null;
  const chosen = () => Object.fromEntries(axes.map((axis) => [axis, form.elements[axis].value]));

  // Numbers in words
  const number = (value) => value.toFixed(1).replace("-", "\u2212");
  const signed = (value) => (value > 0 ? "+" : "") + number(value);
  const count = (value) => value.toLocaleString("en-US");
  const probability = (p) => p === 0 ? "p < 0.001" : `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`;
  const standing = (rank, n) => {
    if (rank === 1 || rank === n) return rank === 1 ? "the lowest of" : "the highest of";
    const above = n - rank, below = rank - 1;
    const share = Math.floor(100 * Math.max(above, below) / n);
    return `${above >= below ? "lower" : "higher"} than ${share}% of`;
  };
  const fill = (text, fields) => text.replace(/\{(\w+)\}/g, (_, name) => fields[name]);

  function fields(choice, row, reading) {
    const words = Object.fromEntries(axes.map((axis) =>
      [axis, data.axes[axis].find(([value]) => value === choice[axis])[2]]));
    const numbers = Object.fromEntries(data.columns.map((name) => [name, number(row[name])]));
    return {
      ...numbers, ...words, span: data.spans[row.span], value: signed(row.value),
      p: probability(row.p), months: count(row.months), regimes: count(row.regimes),
      n: count(reading.n), place: standing(row.rank, reading.n), reading: reading.words,
    };
  }

  // Drawing: an element is made once and then moved, so that changes can be seen
  function put(svg, key, tag, attributes, text) {
    let element = svg.querySelector(`[data-key="${key}"]`);
    if (!element) {
      element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      element.dataset.key = key;
      svg.append(element);
    }
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function scale(svg, [low, high]) {
    low = Math.min(low, 0), high = Math.max(high, 0);
    const y = (value) => +(TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM)).toFixed(2);
    const step = [1, 2, 5, 10, 20, 50].find((each) => (high - low) / each <= 7) || 100;
    svg.querySelectorAll(".tick").forEach((each) => each.remove());
    for (let at = Math.ceil(low / step) * step; at <= high; at += step) {
      put(svg, `line${at}`, "path", { class: at ? "tick" : "tick zero", d: `M${LEFT} ${y(at)}H${WIDTH}` });
      put(svg, `text${at}`, "text", { class: "tick", x: LEFT - 6, y: y(at) + 4, "text-anchor": "end" },
        String(at).replace("-", "\u2212"));
    }
    return { y, inside: (value) => value >= low && value <= high };
  }

  function whisker(svg, key, x, y, low, high) {
    const cap = (value) => `M${x - 5} ${y(value)}h10`;
    put(svg, key, "path", { class: "whisker", d: `M${x} ${y(low)}V${y(high)}${cap(low)}${cap(high)}` });
  }

  function drawBars(svg, row, reading) {
    const { y } = scale(svg, reading.bars);
    ["rising", "falling"].forEach((side, n) => {
      const value = row[`${side}_mean`], x = LEFT + 28 + n * 140;
      const [low, high] = [row[`${side}_low`], row[`${side}_high`]];
      put(svg, side, "rect", {
        class: `bar ${side}`, x, width: 86, y: y(Math.max(value, 0)),
        height: Math.max(Math.abs(y(value) - y(0)), 0.5),
      });
      whisker(svg, `${side}-interval`, x + 43, y, low, high);
      put(svg, `${side}-value`, "text",
        { class: `value ${side}`, x: x + 43, y: y(high) - 6, "text-anchor": "middle" }, `${number(value)}%`);
      put(svg, `${side}-name`, "text",
        { class: "name", x: x + 43, y: HEIGHT - 6, "text-anchor": "middle" }, `inflation ${side}`);
    });
  }

  function drawCurve(svg, row, reading, fixed) {
    const { y, inside } = scale(svg, reading.differences);
    const across = (rank) => +(LEFT + 6 + (rank - 0.5) / reading.n * (WIDTH - LEFT - 12)).toFixed(2);
    const parts = reading.curve.length;
    put(svg, "all", "path", {
      class: "all",
      d: reading.curve.map((value, n) => !inside(value) ? ""
        : `M${across((n + 0.5) * reading.n / parts)} ${y(value)}h0`).join(""),
    });
    put(svg, "count", "text",
      { class: "name", x: (LEFT + WIDTH) / 2, y: HEIGHT - 6, "text-anchor": "middle" },
      `${count(reading.n)} specifications, lowest to highest`);
    put(svg, "fixed", "circle", {
      class: "fixed", r: 6, visibility: fixed && fixed.rank !== row.rank ? "visible" : "hidden",
      ...(fixed && { cx: across(fixed.rank), cy: y(fixed.value) }),
    });
    const x = across(row.rank);
    whisker(svg, "own-interval", x, y, row.low, row.high);
    put(svg, "own", "circle", { class: "own", r: 6, cx: x, cy: y(row.value) });
    put(svg, "own-value", "text", {
      class: "value own", y: y(row.high) - 7,
      x: Math.min(Math.max(x, LEFT + 20), WIDTH - 20), "text-anchor": "middle",
    }, signed(row.value));
  }

  // Controls: what cannot be combined is disabled, and says why
  const control = (axis, value) =>
    form.querySelector(`[name="${axis}"][value="${value}"], [name="${axis}"] [value="${value}"]`);
  const list = (labels) => labels.map((each) => `\u201c${each}\u201d`).join(" or ");

  function remedy(choice, axis) {
    for (const other of axes) {
      if (other === axis) continue;
      const good = data.axes[other].filter(([value]) => possible({ ...choice, [other]: value }));
      if (good.length) return `; possible with ${list(good.map(([, label]) => label))}`;
    }
    return "";
  }

  function offer(choice) {
    for (const axis of axes) {
      const why = new Map();
      for (const [value, label] of data.axes[axis]) {
        const other = { ...choice, [axis]: value };
        const off = !possible(other);
        control(axis, value).disabled = off;
        if (!off) continue;
        const reason = data.reasons[data.rows[place(other)]] + remedy(other, axis);
        why.set(reason, [...(why.get(reason) || []), label]);
      }
      byId(`why-${axis}`).replaceChildren(...[...why].map(([reason, labels]) => {
        const line = document.createElement("span");
        line.textContent = `Not ${list(labels)}: ${reason}.`;
        return line;
      }));
    }
  }

  // Outcomes are the last axis
  const readingAt = (at) => data.reading[data.axes.outcome[at % data.axes.outcome.length][0]];

  function show() {
    const choice = chosen(), at = place(choice), row = found(at);
    const reading = data.readings[data.reading[choice.outcome]];
    const fixed = data.fixed.find((each) => readingAt(each) === data.reading[choice.outcome]);
    const said = fields(choice, row, reading);
    const means = fill(data.texts.means, said), difference = fill(data.texts.difference, said);
    byId("explore-status").textContent = data.texts[data.fixed.includes(at) ? "fixed" : "own"];
    byId("explore-means").textContent = means;
    byId("explore-difference").textContent = difference;
    byId("explore-bars").setAttribute("aria-label", means);
    byId("explore-curve").setAttribute("aria-label", difference);
    drawBars(byId("explore-bars"), row, reading);
    drawCurve(byId("explore-curve"), row, reading, fixed === undefined ? null : found(fixed));
    offer(choice);
  }

  function choose(choice) {
    for (const axis of axes) {
      control(axis, choice[axis]).disabled = false;
      form.elements[axis].value = choice[axis];
    }
    show();
  }

  // The address keeps the choice; for one that cannot be, the one fixed beforehand is shown
  function fromAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const choice = { ...data.primary };
    for (const axis of axes) {
      if (data.axes[axis].some(([value]) => value === asked.get(axis))) choice[axis] = asked.get(axis);
    }
    choose(possible(choice) ? choice : data.primary);
    if (!possible(choice)) {
      byId("explore-status").textContent =
        fill(data.texts.refused, { reason: data.reasons[data.rows[place(choice)]] });
    }
  }

  form.addEventListener("change", () => {
    history.replaceState(null, "", `#${new URLSearchParams(chosen())}`);
    show();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    history.replaceState(null, "", location.pathname + location.search);
    choose(data.primary);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", fromAddress);
  form.hidden = byId("explore-charts").hidden = false;
  fromAddress();
})();
