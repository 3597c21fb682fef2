"""Run one notebook, build all with make, publish and verify an edition. Only make schedules."""
