//! The fields of a firm (domain reference B1): key, name on screen, how the value is spelled, whether it is personal.
//!
//! Values travel as text in one canonical spelling: dates ISO, money whole 分, yes and no as 是 and 否, codes upper case.

use crate::domain::certificate;

/// Keys used by code; all others are only named in [`FIELDS`].
pub mod key {
    pub const NAME: &str = "name";
    pub const CODE: &str = "code";
    pub const SHORT: &str = "short";
    pub const FORMER_NAMES: &str = "former_names";
    pub const TOWNSHIP: &str = "township";
    pub const REGION: &str = "region";
    pub const PARK: &str = "park";
    pub const INDUSTRY: &str = "industry";
    pub const HI_FIELD: &str = "hi_field";
    pub const SCALE: &str = "scale";
    pub const EST_DATE: &str = "est_date";
    pub const LEGAL: &str = "legal_rep";
    pub const LEGAL_PHONE: &str = "legal_phone";
    pub const CONTACT: &str = "contact";
    pub const PHONE: &str = "phone";
    pub const FINANCE_CONTACT: &str = "finance_contact";
    pub const FINANCE_PHONE: &str = "finance_phone";
    pub const RD_CONTACT: &str = "rd_contact";
    pub const RD_PHONE: &str = "rd_phone";
    pub const TAGS: &str = "tags";

    /// The key of a figure: `y2025.revenue`.
    pub fn of_year(year: i32, fact: &str) -> String {
        format!("y{year}.{fact}")
    }

    /// Year and fact of such a key.
    pub fn split_year(key: &str) -> Option<(i32, &str)> {
        let (year, fact) = key.strip_prefix('y')?.split_once('.')?;
        Some((year.parse().ok()?, fact))
    }
}

/// Where a field stands on the form and the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    Identity,
    Place,
    Business,
    People,
    Other,
}

impl Group {
    /// All groups in their order on screen.
    pub const ALL: [Self; 5] = [Self::Identity, Self::Place, Self::Business, Self::People, Self::Other];

    /// Heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::Identity => "身份",
            Self::Place => "地址与属地",
            Self::Business => "登记与行业",
            Self::People => "人员与联系",
            Self::Other => "其他",
        }
    }
}

/// How a field's value is spelled and entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Text,
    /// Several lines, or several values parted by ；.
    Lines,
    /// 统一社会信用代码.
    CreditCode,
    OrgCode,
    Date,
    /// Whole 分; typed and shown in 万元.
    Money,
    Phone,
    ResidentId,
    /// One of these words; anything else is a warning, not an error.
    Choice(&'static [&'static str]),
    /// 是 or 否.
    YesNo,
    /// A township of the office, or free text.
    Township,
    /// GB/T 4754 code.
    Industry,
}

/// One field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldDef {
    pub key: &'static str,
    pub label: &'static str,
    pub shape: Shape,
    pub group: Group,
    /// Masked unless somebody asks for it with a reason.
    pub personal: bool,
}

const fn field(key: &'static str, label: &'static str, shape: Shape, group: Group) -> FieldDef {
    FieldDef { key, label, shape, group, personal: false }
}

const fn personal(key: &'static str, label: &'static str, shape: Shape, group: Group) -> FieldDef {
    FieldDef { key, label, shape, group, personal: true }
}

/// The eight fields of 国家重点支持的高新技术领域, in the exact words of the guide (与, no 技术 at the end).
pub const HI_FIELDS: &[&str] =
    &["电子信息", "生物与新医药", "航空航天", "新材料", "高技术服务", "新能源与节能", "资源与环境", "先进制造与自动化"];

/// All fields in the order of the form.
pub const FIELDS: &[FieldDef] = &[
    field(key::NAME, "企业名称", Shape::Text, Group::Identity),
    field(key::CODE, "统一社会信用代码", Shape::CreditCode, Group::Identity),
    field(key::SHORT, "简称", Shape::Text, Group::Identity),
    field(key::FORMER_NAMES, "曾用名", Shape::Lines, Group::Identity),
    field("org_code", "组织机构代码", Shape::OrgCode, Group::Identity),
    field("other_numbers", "其他证号", Shape::Lines, Group::Identity),
    field(key::EST_DATE, "成立日期", Shape::Date, Group::Identity),
    field("status", "存续状态", Shape::Choice(&["存续", "迁出", "注销", "吊销"]), Group::Identity),
    field(key::TOWNSHIP, "乡镇街道", Shape::Township, Group::Place),
    field(key::PARK, "所在园区", Shape::Text, Group::Place),
    field(key::REGION, "行政区划", Shape::Text, Group::Place),
    field("address_reg", "注册地址", Shape::Text, Group::Place),
    field("address_ops", "经营地址", Shape::Text, Group::Place),
    field(
        "ent_type",
        "企业类型",
        Shape::Choice(&[
            "有限责任公司",
            "股份有限公司",
            "个人独资企业",
            "合伙企业",
            "外商投资企业",
            "全民所有制",
            "事业单位",
            "其他",
        ]),
        Group::Business,
    ),
    field("reg_capital", "注册资本", Shape::Money, Group::Business),
    field("paid_capital", "实缴资本", Shape::Money, Group::Business),
    field("currency", "币种", Shape::Choice(&["人民币", "美元", "港元", "欧元", "日元"]), Group::Business),
    field(key::INDUSTRY, "国民经济行业", Shape::Industry, Group::Business),
    field(key::HI_FIELD, "高新技术领域", Shape::Choice(HI_FIELDS), Group::Business),
    field("products", "主导产品", Shape::Lines, Group::Business),
    field(key::SCALE, "规上工业", Shape::YesNo, Group::Business),
    field("scale_since", "纳统时间", Shape::Date, Group::Business),
    field("tax_authority", "主管税务机关", Shape::Text, Group::Business),
    field("tax_method", "征收方式", Shape::Choice(&["查账征收", "核定征收"]), Group::Business),
    field("taxpayer", "纳税人类型", Shape::Choice(&["一般纳税人", "小规模纳税人"]), Group::Business),
    personal(key::LEGAL, "法定代表人", Shape::Text, Group::People),
    personal("legal_id", "法定代表人证件号", Shape::ResidentId, Group::People),
    personal(key::LEGAL_PHONE, "法定代表人电话", Shape::Phone, Group::People),
    field(key::CONTACT, "联系人", Shape::Text, Group::People),
    field("contact_role", "联系人职务", Shape::Text, Group::People),
    personal(key::PHONE, "联系电话", Shape::Phone, Group::People),
    personal("email", "电子邮箱", Shape::Text, Group::People),
    field(key::FINANCE_CONTACT, "财务负责人", Shape::Text, Group::People),
    personal(key::FINANCE_PHONE, "财务负责人电话", Shape::Phone, Group::People),
    field(key::RD_CONTACT, "研发负责人", Shape::Text, Group::People),
    personal(key::RD_PHONE, "研发负责人电话", Shape::Phone, Group::People),
    field("department", "帮包部门", Shape::Text, Group::Other),
    field(key::TAGS, "标签", Shape::Lines, Group::Other),
    field("note", "备注", Shape::Lines, Group::Other),
];

/// The field with a key.
pub fn find(key: &str) -> Option<&'static FieldDef> {
    FIELDS.iter().find(|field| field.key == key)
}

/// What a year's figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactUnit {
    People,
    /// Whole 分, shown in 万元.
    Money,
    Items,
    /// 财务, 税务 or 统计: which books the year's figures come from.
    Basis,
}

/// One figure kept per year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearFact {
    pub key: &'static str,
    pub label: &'static str,
    pub unit: FactUnit,
}

const fn fact(key: &'static str, label: &'static str, unit: FactUnit) -> YearFact {
    YearFact { key, label, unit }
}

/// All figures in the order of the table.
pub const YEAR_FACTS: &[YearFact] = &[
    fact("staff", "职工总数", FactUnit::People),
    fact("tech_staff", "科技人员", FactUnit::People),
    fact("rd_staff", "研发人员", FactUnit::People),
    fact("revenue", "销售收入", FactUnit::Money),
    fact("cost", "成本费用", FactUnit::Money),
    fact("rd", "研发费用", FactUnit::Money),
    fact("rd_domestic", "其中境内", FactUnit::Money),
    fact("hi_income", "高新收入", FactUnit::Money),
    fact("total_income", "总收入", FactUnit::Money),
    fact("assets", "资产总额", FactUnit::Money),
    fact("net_assets", "净资产", FactUnit::Money),
    fact("tax", "税收", FactUnit::Money),
    fact("profit", "净利润", FactUnit::Money),
    fact("ip1", "Ⅰ类知识产权", FactUnit::Items),
    fact("ip2", "Ⅱ类知识产权", FactUnit::Items),
    fact("basis", "口径", FactUnit::Basis),
];

/// Name of any key a firm's history may hold, figures included: 2025 年销售收入.
pub fn label(key: &str) -> String {
    if let Some((year, fact)) = key::split_year(key) {
        let name = YEAR_FACTS.iter().find(|f| f.key == fact).map_or(fact, |f| f.label);
        return format!("{year} 年{name}");
    }
    if let Some((_, number, attr)) = certificate::split_key(key) {
        return format!("证书 {} {}", number.trim_start_matches('~'), certificate::label(attr));
    }
    find(key).map_or(key, |field| field.label).to_owned()
}
