"""Sphinx configuration of the report; `helpers.present.site` assembles the sources and runs it."""

project = "Pivots and prices"
html_title = project
html_short_title = project
language = "en"

extensions = ["myst_nb", "helpers.present.site.mathml"]
exclude_patterns = ["_extra", "_static", "_templates"]
suppress_warnings = ["myst.header"]  # notebooks may skip a level

nb_execution_mode = "off"
nb_render_markdown_format = "myst"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath", "deflist", "attrs_inline"]
myst_dmath_double_inline = True
myst_heading_anchors = 3

html_theme = "sphinx_book_theme"
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_extra_path = ["_extra"]
templates_path = ["_templates"]
html_css_files = ["report.css"]
html_context = {"default_mode": "auto"}
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = False
html_last_updated_fmt = None
# Search reads its index from a script; summaries would have to fetch pages, which disks forbid.
html_show_search_summary = False
html_sidebars = {"**": ["navbar-logo.html", "search-button-field.html", "sbt-sidebar-nav.html"]}
html_theme_options = {
    "home_page_in_toc": True,
    "show_toc_level": 2,
    "navbar_start": [],
    "navbar_center": [],
    "navbar_end": [],
    "navbar_persistent": [],
    "use_download_button": False,
    "use_fullscreen_button": False,
    "use_repository_button": False,
    "article_header_start": ["toggle-primary-sidebar.html", "edition.html"],
    "footer_content_items": ["edition.html"],
    "search_bar_text": "Search the report",
}
