"""Supply requests (物资申领), the stock ledger (物资台账) and donations (捐赠)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from commandpost.contract.kind import Column, Expanded, Kind, Row
from commandpost.contract.reading import Bad, Context, Flagged, Read
from commandpost.contract.values.dates import date_, midnight
from commandpost.contract.values.lists import quantities, things
from commandpost.contract.values.numbers import label, negative
from commandpost.contract.values.places import bare
from commandpost.contract.values.text import cell, text
from commandpost.contract.values.words import MOVES, PRIORITIES, REQUEST_STATES, one_of
from commandpost.desks.shapes.columns import UPDATED, moment_or_day
from commandpost.desks.supply.tables import Donation, StockMovement, SupplyRequest
from commandpost.desks.supply.things import as_kept, things_of
from commandpost.words import Message, message

_ORDER = ("SUBMITTED", "APPROVED", "ALLOCATED", "DISPATCHED", "PARTIAL", "DELIVERED", "CLOSED")
_ENDS = frozenset({"REJECTED", "CANCELLED", "CLOSED"})


def moves(known: Row, row: Row) -> Bad | None:
    """Why a request may not go from its known state to the row's: it never runs backwards."""
    before, after = known["state"], row["state"]
    if before == after:
        return None
    if before in _ENDS:
        allowed = False
    elif after == "REJECTED":
        allowed = before == "SUBMITTED"
    elif after == "CANCELLED":
        allowed = before in ("SUBMITTED", "APPROVED", "ALLOCATED")
    else:
        allowed = _ORDER.index(after) > _ORDER.index(before)
    if allowed:
        return None
    return Bad(
        "state",
        message("A state cannot run backwards: it is {state} already.", state=Message(before)),
        message("Write the state it has: {state}.", state=Message(before)),
        "state",
    )


def _when(row: Row, context: Context) -> int | None:
    """The row's moment, else its day's or the sheet's first moment."""
    if row.get("at") is not None:
        return int(row["at"])
    day = row.get("date") or context.sheet_date
    return None if day is None else midnight(day, context.zone)


def _requester(row: Row) -> str:
    """Who asks; of a building (团购) the name alone would be two people's."""
    return " ".join(row[field] for field in ("building", "requester") if field in row)


def _requests(row: Row, context: Context) -> Expanded:
    """One request a thing asked for. Without a date a request keeps the one it is known by."""
    event_at = _when(row, context)
    asked = things_of(row, context, needed=False)
    if isinstance(asked, Bad):
        return asked
    made: list[dict[str, Any]] = []
    seconds = "" if event_at is None else event_at
    requester, number = _requester(row), row.get("number", "")
    for thing in asked[0]:
        # A form lists several things under one number, and each goes its own way.
        reference = f"no:{number}#{thing.item}" if number else f"{requester}|{thing.item}|{seconds}"
        made.append(
            {
                **{k: v for k, v in row.items() if k not in ("at", "date", "building")},
                "requester": requester,
                "event_at": event_at,
                "reference": reference,
                **as_kept(thing),
            }
        )
    return made, asked[1]


SUPPLY_REQUESTS = Kind(
    name="supply-requests",
    chinese="物资申领",
    desk="supply",
    rule="register",
    table=SupplyRequest,
    columns=(
        Column(
            "item", "物资", "Item", things(),
            ("品名", "物资名称", "名称", "物品", "物品名称", "所需物资", "所需物资信息", "需求物资", "申领物资", "申请物资",
             "团购", "团购物品", "需求", "supplies", "goods",
             "items", "item name", "item description", "product", "requested item",
             "item requested", "items requested", "item needed", "items needed", "materials", "申领物品",
             "物品名", "需求物品", "申请物品", "急需物资", "所需物品",
             "需要的物资", "需要物资", "所需的物资", "需要采购的物资",
             "所需物资及数量", "需求物资及数量", "物资及数量", "物品及数量"),
            required=True, key=True, example="口罩",
        ),
        Column(
            "requester", "申请单位", "Requester", text(),
            ("申领单位", "单位名称", "医院名称", "需求单位", "申请部门", "申领部门", "申请人", "申领人", "需求方", "申请单位/人",
             "姓名", "name", "organisation", "organization", "hospital",
             "requested by", "requestor", "requester name", "applicant", "ordered by", "需求部门", "申领单位/部门",
             "申报单位", "需求人", "申领人姓名", "申请人姓名"),
            titled="label", key=True, example="北门岗",
        ),
        Column(
            "quantity", "数量", "Quantity", quantities(),
            ("需求量", "需求数量", "申请数量", "申领数量", "申领量", "份数", "qty", "amount",
             "qty requested", "requested qty", "qty needed", "qty required", "quantity requested",
             "quantity needed", "quantity required", "requested quantity", "how many", "申请量", "需要数量",
             "所需数量", "需求数"), marked=True, summed=True, example="500",
        ),
        Column("unit", "单位", "Unit", text(), ("计量单位", "规格单位",
             "unit of measure", "uom"), example="个"),
        Column(
            "number", "单号", "Number", label(),
            ("编号", "申请单号", "申领单号", "订单号", "申请编号", "单据号", "order", "order no", "request no",
             "request id", "request number", "req no", "req id", "requisition no", "order number",
             "order id", "ticket", "ticket no", "ref", "ref no", "reference", "reference no", "申领编号",
             "流水号"), titled="label", key=True, example="SL-001",
        ),
        Column(
            "priority", "紧急程度", "Priority", one_of(PRIORITIES), ("优先级", "紧急度", "缓急", "急缓", "urgency",
             "priority level", "急需程度", "紧急情况"),
            example="一般",
        ),
        Column(
            "state", "状态", "State", one_of(REQUEST_STATES),
            ("审批状态", "处理状态", "办理状态", "申请状态", "进度", "办理进度", "status"), example="已提交",
        ),
        Column(
            "at", "申请时间", "Requested", moment_or_day(),
            ("时间", "提交时间", "登记时间", "申领时间", "填报时间", "需求时间", "time",
             "requested at", "time requested", "submitted", "submitted at", "time submitted",
             "date submitted", "timestamp", "提交答卷时间"),
            key=True, unless="number", after="date", example="2022-03-28 09:30",
        ),
        Column("deliver_to", "送达地点", "Deliver to", text(),
               ("地址", "收货地址", "送货地址", "配送地址", "收件地址", "送达地址", "配送地点", "address",
             "deliver to", "delivery address", "delivery location", "location", "ship to", "送货地点", "收货地点"), titled="label", example="北门"),
        Column(
            "contact", "联系方式", "Contact", label(), ("联系电话", "电话", "联系人", "联系人电话", "手机号", "phone",
             "contact no", "contact number", "phone no", "phone number", "mobile", "telephone"),
            titled="label", example="13800000000",
        ),
        Column("building", "楼栋", "Building", text(), ("楼号", "栋号", "楼栋号"), key=True),
        Column("remark", "备注", "Remark", text(), ("说明", "用途", "备注说明", "note",
             "notes", "remarks", "comment", "comments")),
        Column("date", "日期", "Date", date_(), ("申请日期", "申领日期", "登记日期", "填报日期", "提交日期",
             "date requested", "request date", "requested on", "需求日期"), fill_down=True),
        UPDATED,
    ),
    expand=_requests,
    any_of=(("requester", "building"),),
    moves=moves,
    keeps="state",
)  # fmt: skip


_LOSSES = frozenset({"报损", "报废", "损耗", "盘亏"})


def move() -> Any:
    """IN, OUT, ADJUST, COUNT; LOSS for an adjustment downwards (报损, 报废, 损耗, 盘亏)."""

    def reader(context: Context) -> Read:
        word = one_of(MOVES)(context)
        return cell(context, lambda said: "LOSS" if bare(said) in _LOSSES else word(said))

    return reader


_WIDE = (("received", "IN"), ("issued", "OUT"), ("counted", "COUNT"))


def _movements(row: Row, context: Context) -> Expanded:
    """One movement a thing: of the one quantity, or of each of the 入库, 出库, 结存 columns that is filled."""
    event_at = _when(row, context)
    if event_at is None:
        return Bad("empty", message("The cell is empty."), message("Fill the date in."))
    told: list[tuple[str, str]] = []
    if "move" in row or not any(field in row for field, _ in _WIDE):
        if "move" not in row:
            return Bad("empty", message("In or out?"), message("Fill the kind of movement in."), "move")
        told.append((row["move"], "quantity"))
    told += [(word, field) for field, word in _WIDE if row.get(field) is not None]
    made: list[dict[str, Any]] = []
    flags: list[Flagged | Bad] = []
    for word, field in told:
        moved = things_of(row, context, field, needed=True)
        if isinstance(moved, Bad):
            return moved
        for thing in moved[0]:
            value = thing.quantity.value
            if value is None:
                return Bad("value", message("No number is given."), message("Write a number."), field)
            if value < 0 and word not in ("ADJUST", "LOSS"):
                return replace(negative(f"{-value:.15g}{thing.quantity.unit}"), field=field)
            made.append(
                {
                    "event_at": event_at,
                    "reference": row.get("reference", ""),
                    **as_kept(thing),
                    "move": "ADJUST" if word == "LOSS" else word,
                    "quantity": -abs(value) if word == "LOSS" else value,
                }
            )
        flags += moved[1]
    return made, flags


STOCK_MOVEMENTS = Kind(
    name="stock-movements",
    chinese="物资台账",
    desk="supply",
    rule="log",
    table=StockMovement,
    columns=(
        Column(
            "item", "物资", "Item", things(), ("品名", "物资名称", "名称", "物品", "物品名称", "goods",
             "items", "item name", "item description", "description", "product", "material", "物料名称", "物料",
             "货品名称", "商品名称", "材料名称"),
            required=True, titled="label", key=True, example="口罩",
        ),
        Column(
            "at", "时间", "Time", moment_or_day(),
            ("出入库时间", "登记时间", "操作时间", "入库时间", "出库时间", "领用时间", "盘点时间", "at"),
            key=True, exact=True, after="date", example="2022-03-28 09:30",
        ),
        Column(
            "move", "类型", "Movement", move(),
            ("出入库", "出入库类型", "出/入库", "操作", "操作类型", "业务类型", "收发类型", "收发", "入库/出库", "move", "type",
             "movement type", "transaction", "transaction type", "in/out", "出入类型", "出入库类别", "收支类型"),
            key=True, example="入库",
        ),
        Column(
            "quantity", "数量", "Quantity", quantities(signed=True), ("出入库数量", "qty", "amount"), key=True, summed=True, example="500"
        ),
        Column("unit", "单位", "Unit", text(), ("计量单位",
             "unit of measure", "uom"), example="个"),
        Column(
            "reference", "去向", "Reference", text(),
            ("来源", "去向/来源", "来源/去向", "领用人", "领用单位", "领用部门", "经手人", "捐赠单位", "供应商", "接收单位",
             "issued to", "received from", "supplier", "recipient", "to/from", "from/to", "领用人/部门",
             "领用部门/人", "领用单位/人", "发放对象", "领取人", "领取单位", "领取部门", "使用部门"),
            key=True, example="捐赠",
        ),
        Column(
            "received", "入库", "Received", quantities(), ("入库数量", "入库量", "收入", "本日入库", "今日入库",
             "in", "qty in", "quantity in", "stock in", "received qty", "qty received",
             "quantity received", "receipts", "incoming", "本日收入", "进库数量", "进货数量", "采购数量"),
            key=True, summed=True,
        ),
        Column(
            "issued", "出库", "Issued", quantities(),
            ("领用", "出库数量", "出库量", "领用数量", "发放", "发放数量", "支出", "本日出库", "今日出库",
             "out", "qty out", "quantity out", "stock out", "issued qty", "qty issued", "quantity issued",
             "outgoing", "本日领用", "今日领用", "消耗", "消耗数量", "本日发放", "领取数量",
             "使用数量", "发放量"), key=True, summed=True,
        ),
        Column(
            "counted", "结存", "Counted", quantities(),
            ("盘点", "库存", "结余", "盘点数量", "结存数量", "库存数量", "剩余", "剩余数量", "现存", "现存数量", "实盘", "实盘数量",
             "实存", "实存数量", "实有数量", "实际库存", "本日结存", "今日结存", "本期结存", "期末结存", "期末库存", "当前库存",
             "balance", "closing balance", "closing stock", "stock", "stock on hand", "on hand",
             "qty on hand", "quantity on hand", "current stock", "stock count", "count", "remaining",
             "balance on hand", "in stock", "余量", "结存量", "库存量", "剩余库存", "剩余量", "期末数量", "期末数", "本月结存",
             "月末结存", "现库存"),
            key=True, summed=True,
        ),
        Column(
            "date", "日期", "Date", date_(),
            ("出入库日期", "登记日期", "入库日期", "出库日期", "领用日期", "盘点日期",
             "发放日期", "盘存日期",
             "统计日期", "盘库日期", "库存日期"), titled="label", key=True, fill_down=True,
        ),
        UPDATED,
    ),
    expand=_movements,
    any_of=(("at", "date"), ("move", "received", "issued", "counted")),
)  # fmt: skip


def _donations(row: Row, context: Context) -> Expanded:
    """One donation a thing given. It is no stock: that a movement says, once the storekeeper has it."""
    event_at = _when(row, context)
    if event_at is None:
        return Bad("empty", message("The cell is empty."), message("Fill the date in."))
    given = things_of(row, context, needed=True)
    if isinstance(given, Bad):
        return given
    same = {
        "event_at": event_at,
        "donor": row["donor"],
        "contact": row.get("contact", ""),
        "remark": row.get("remark", ""),
    }
    return [{**same, **as_kept(thing)} for thing in given[0]], given[1]


DONATIONS = Kind(
    name="donations",
    chinese="捐赠",
    desk="supply",
    rule="log",
    table=Donation,
    columns=(
        Column(
            "donor", "捐赠人", "Donor", text(),
            ("捐赠单位", "捐赠方", "捐赠者", "捐赠单位/个人", "捐赠人/单位", "捐助人", "捐助单位", "捐助方", "爱心企业", "爱心人士",
             "捐赠企业", "捐赠人姓名", "given by",
             "donor name", "donated by", "donor/organisation", "donor/organization", "name of donor",
             "捐赠人(单位)", "捐赠人名称", "捐赠单位名称", "捐赠者姓名", "捐献人", "捐献单位", "捐赠来源", "捐助者",
             "捐赠方名称", "捐赠单位/个人名称"),
            required=True, titled="label", key=True, fill_down=True, example="某公司",
        ),
        Column(
            "item", "物资", "Item", things(),
            ("品名", "物资名称", "名称", "物品", "物品名称", "捐赠物资", "捐赠物品", "捐赠内容", "捐助物资", "物资信息", "goods",
             "items", "item name", "item description", "description", "item donated", "items donated",
             "donation", "goods donated", "捐赠品名", "捐赠物资名称", "捐赠物品名称", "捐献物资", "捐赠品", "物资品名",
             "捐赠物品及数量", "捐赠物资及数量", "捐赠内容及数量", "物资及数量", "物品及数量"),
            required=True, key=True, example="口罩",
        ),
        Column(
            "quantity", "数量", "Quantity", quantities(), ("捐赠数量", "捐赠量", "qty", "amount",
             "quantity donated", "quantity received", "qty received", "接收数量", "捐助数量", "捐赠数"), key=True, summed=True,
            example="500",
        ),
        Column("unit", "单位", "Unit", text(), ("计量单位", "规格单位",
             "unit of measure", "uom"), example="个"),
        Column(
            "at", "时间", "Time", moment_or_day(), ("捐赠时间", "接收时间", "登记时间", "捐助时间", "到货时间", "time given",
             "time received", "timestamp", "接收日期时间", "收到时间",
             "受赠时间"),
            key=True, exact=True, after="date", example="2022-03-28 09:30",
        ),
        Column(
            "contact", "联系方式", "Contact", label(), ("联系电话", "电话", "联系人", "联系人电话", "手机号", "phone",
             "contact no", "contact number", "phone no", "phone number", "mobile", "telephone"),
            example="13800000000",
        ),
        Column("remark", "备注", "Remark", text(), ("说明", "备注说明", "用途", "去向", "接收人", "note",
             "notes", "remarks", "comment", "comments")),
        Column(
            "date", "日期", "Date", date_(), ("捐赠日期", "接收日期", "登记日期", "捐助日期",
             "date received", "received on", "donation date", "date donated", "date of donation", "收到日期",
             "到货日期",
             "受赠日期"), titled="label", key=True, fill_down=True
        ),
        UPDATED,
    ),
    expand=_donations,
    any_of=(("at", "date"),),
)  # fmt: skip
