"""The scoring rules that only 洛川铜加工 (Luochuan Copper) uses."""
