//! 关于: name and version, where the data lies, the keys, licences and where built-in data comes from.

use iced::Length;
use iced::alignment::Vertical;
use iced::widget::{column, container, row};

use crate::app::ctx::Ctx;
use crate::app::files;
use crate::app::update::Update;
use crate::ui::icon::Icon;
use crate::ui::widget::ledger::{Column, ledger};
use crate::ui::widget::section::{heading, section};
use crate::ui::widget::{button, dialog, keycap, scroll};
use crate::ui::{Element, Tone, fonts, space as sp, text};

/// The licence that is open, if one is.
#[derive(Debug, Clone, Default)]
pub struct About {
    open: Option<Licence>,
}

/// A licence text in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Licence {
    Mit,
    Apache,
    Text,
    Icons,
    Calendars,
    Regions,
}

/// What people do to it.
#[derive(Debug, Clone)]
pub enum Message {
    Folder,
    CopyFolder,
    Open(Licence),
    Close,
}

impl Licence {
    fn title(self) -> &'static str {
        match self {
            Self::Mit => "科报：MIT",
            Self::Apache => "科报：Apache-2.0",
            Self::Text => "Noto Sans SC：SIL OFL 1.1",
            Self::Icons => "Lucide：ISC",
            Self::Calendars => "放假安排：来源与许可",
            Self::Regions => "行政区划：来源与许可",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Mit => include_str!("../../../LICENSE-MIT"),
            Self::Apache => include_str!("../../../LICENSE-APACHE"),
            Self::Text => fonts::TEXT_LICENCE,
            Self::Icons => fonts::ICON_LICENCE,
            Self::Calendars => include_str!("../../../assets/calendars/README.md"),
            Self::Regions => include_str!("../../../assets/regions/README.md"),
        }
    }
}

/// What keys do, as `desk/keys.rs` and the screens have them.
const KEYS: &[(&str, &str)] = &[
    ("Ctrl K", "找企业、编号、界面、操作"),
    ("Ctrl N", "新增申报"),
    ("Ctrl I", "导入名单"),
    ("Ctrl L", "锁屏"),
    ("Ctrl Z", "撤销上一步"),
    ("Ctrl Shift Z", "重做（也可按 Ctrl Y）"),
    ("Ctrl 1 … 5", "工作台、企业、申报、数据、设置"),
    ("Alt ←　Alt →", "后退、前进"),
    ("Ctrl +　Ctrl -　Ctrl 0", "放大、缩小、原来大小"),
    ("↑ ↓　Enter", "表格里选行、打开"),
    ("空格　Ctrl A　Esc", "勾选、全选、取消勾选"),
    ("Ctrl C", "复制表格里选中的行，可贴到 WPS"),
    ("Alt ↑　Alt ↓　F2", "推荐名单里上移、下移、排到第几位"),
];

impl About {
    /// Takes in what happened.
    pub fn update(&mut self, message: Message, ctx: &Ctx) -> Update<Message> {
        match message {
            Message::Folder => {
                if let Err(problem) = files::show(ctx.db.folder()) {
                    return problem.into();
                }
            }
            Message::CopyFolder => {
                let text = ctx.db.folder().display().to_string();
                let words = "已复制数据文件夹的路径".to_owned();
                return Update::event(crate::app::update::Event::Copy { text, words, logged: None });
            }
            Message::Open(licence) => self.open = Some(licence),
            Message::Close => self.open = None,
        }
        Update::none()
    }

    /// The page.
    pub fn view<'a>(&'a self, ctx: &'a Ctx) -> Element<'a, Message> {
        let version = format!("科报 {}", env!("CARGO_PKG_VERSION"));
        let folder = ctx.db.folder().display().to_string();
        let data = row![
            text::line(text::BODY, Tone::Quiet, "数据文件夹"),
            container(text::line(text::BODY, Tone::Plain, folder)).clip(true).max_width(560),
            button::normal("打开文件夹").icon(Icon::FolderOpen).small().on_press(Message::Folder),
            button::quiet("复制路径").icon(Icon::Copy).small().on_press(Message::CopyFolder),
        ]
        .spacing(sp::S12)
        .align_y(Vertical::Center);
        let what = column![
            section("关于", None, None),
            text::strong(version),
            text::small("区县科技局的事项、申报、期限和推荐名单，都在一个本地文件里。不联网，不上传。"),
            data,
            text::small("备份：退出科报后把这个文件夹整个拷走；换电脑时拷到同样的位置。"),
        ]
        .spacing(sp::S8);
        let mut keys = ledger([Column::left("按键", 220), Column::left("做什么", Length::Fill)], ctx.theme.density);
        for (key, does) in KEYS {
            let caps = key.split('　').map(keycap::keycap);
            keys = keys.push(vec![
                row(caps).spacing(sp::S6).align_y(Vertical::Center).into(),
                text::line(text::BODY, Tone::Plain, *does).into(),
            ]);
        }
        let keys =
            column![heading("按键", Some("输入框里只有带 Ctrl、Alt 的键和功能键起作用"), None), Element::from(keys)];
        let mut from = ledger(
            [Column::left("内容", 132), Column::left("来源与许可", Length::Fill), Column::right("", 120)],
            ctx.theme.density,
        );
        for (what, whence, licences) in sources() {
            let buttons = licences
                .iter()
                .map(|(word, licence)| button::quiet(*word).small().on_press(Message::Open(*licence)).into());
            from = from.push(vec![
                text::line(text::BODY, Tone::Plain, what).into(),
                container(text::line(text::SMALL, Tone::Quiet, whence)).clip(true).into(),
                row(buttons).into(),
            ]);
        }
        let from = column![heading("许可与数据来源", None, None), Element::from(from)];
        let below = row![container(keys).width(Length::FillPortion(1)), container(from).width(Length::FillPortion(1)),]
            .spacing(sp::S32);
        column![what, below].spacing(sp::S20).into()
    }

    /// A licence, whole.
    pub fn above<'a>(&'a self) -> Option<(Element<'a, Message>, Message)> {
        let licence = self.open?;
        let words = container(text::small(licence.words())).padding(iced::padding::right(sp::S16));
        let content = container(scroll::scroll(words)).height(440);
        let close = button::primary("关闭").key("Esc").on_press(Message::Close).into();
        Some((dialog::dialog(licence.title(), content, [close], dialog::Width::Wide), Message::Close))
    }
}

type Source = (&'static str, &'static str, Vec<(&'static str, Licence)>);

fn sources() -> [Source; 7] {
    [
        ("科报", "MIT 或 Apache-2.0，任选其一", vec![("MIT", Licence::Mit), ("Apache", Licence::Apache)]),
        ("文字字体", "Noto Sans SC，SIL OFL 1.1", vec![("查看", Licence::Text)]),
        ("图标", "Lucide，ISC", vec![("查看", Licence::Icons)]),
        ("放假安排", "国务院办公厅历年通知，2007 年起", vec![("查看", Licence::Calendars)]),
        ("行政区划", "国家统计局，截至 2023 年 6 月；乡镇街道只有山东省", vec![("查看", Licence::Regions)]),
        ("行业分类", "GB/T 4754—2017 国民经济行业分类", Vec::new()),
        ("事项与阶段", "公开的办法和通知；没有依据的标明“一般经验”", Vec::new()),
    ]
}
