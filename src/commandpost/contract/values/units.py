"""The words that count things: 只, 瓶, kg, 元."""

from __future__ import annotations

UNITS = frozenset([
    "个", "只", "件", "套", "瓶", "桶", "箱", "盒", "包", "袋", "支", "双", "副", "付", "台", "把",
    "片", "张", "卷", "升", "公升", "l", "ml", "毫升", "公斤", "千克", "kg", "克", "g", "吨", "t",
    "斤", "份", "人份", "条", "顶", "床", "米", "块", "枚", "本", "部", "辆", "提", "打", "罐",
    "板", "粒", "根", "对", "批", "捆", "筒", "组", "听", "壶", "车", "管", "盘", "头", "剂", "餐",
    "节", "pcs", "box", "boxes", "bottle", "bottles", "set", "sets", "pack", "packs", "pair",
    "pairs", "litre", "litres", "piece", "pieces", "元", "块钱", "rmb", "美元",
])  # fmt: skip
"""In lower case. A number with one of these behind it is so many; with another word it may be a name."""
