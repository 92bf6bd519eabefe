//! Starting the window: is there a display, can Chinese be typed, and then iced.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use iced::Size;

use super::files;
use super::opening::{Opening, Site};
use super::window::{self, Window};
use crate::domain::{Problem, Result};
use crate::store::Options;
use crate::ui::fonts;

/// Opens the window on the office in a folder, and comes back when it is closed.
///
/// # Errors
/// One sentence where there is no display, or the window could not be made.
pub fn run(folder: Option<PathBuf>) -> Result<()> {
    display()?;
    let site = Site::at(folder, Options::default());
    // The database opens while fonts and window come up.
    let opening = site.as_ref().ok().map(Site::open);
    fonts::preload();
    // iced may ask for the first state more than once in theory; there is one opening, and whoever asks first has it.
    type First = (Result<Site>, Option<Opening>);
    let first: Arc<Mutex<Option<First>>> = Arc::new(Mutex::new(Some((site, opening))));
    let boot = move || {
        let taken = first.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        let (site, opening) = taken.unwrap_or_else(|| (Err(Problem::bug("the window was made twice")), None));
        Window::new(site, opening, input_method())
    };
    let settings = iced::window::Settings {
        size: window::USUAL,
        min_size: Some(Size::new(960.0, 600.0)),
        icon: icon(),
        // Whoever sits at the desk is signed out first, and what is new may have to be left in the shared folder: see
        // `Window::close`.
        exit_on_close_request: false,
        ..iced::window::Settings::default()
    };
    let application = iced::application(boot, Window::update, Window::view)
        .title(Window::title)
        .theme(Window::theme)
        .scale_factor(Window::zoom)
        .subscription(Window::subscription)
        .default_font(fonts::REGULAR)
        .window(settings);
    // What the windowing library cannot do it panics about; for a person that is one sentence, not a backtrace.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let ran = catch_unwind(AssertUnwindSafe(|| application.run()));
    std::panic::set_hook(hook);
    files::clear_copies();
    let failed = |detail: String| {
        Problem::io("窗口没有打开。")
            .next("请检查显示器和图形环境；没有图形界面时可以用 kebao --help 里的命令。")
            .detail(detail)
    };
    match ran {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err(failed(text.unwrap_or_default()))
        }
    }
}

/// Whether a window can be shown at all.
///
/// # Errors
/// One sentence with the way out.
pub fn display() -> Result<()> {
    #[cfg(target_os = "linux")]
    {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        if set("WAYLAND_DISPLAY").is_some() || set("WAYLAND_SOCKET").is_some() {
            return Ok(());
        }
        let missing = || {
            Problem::io("这里没有图形显示，窗口打不开。")
                .next("请在桌面上启动；只要结果时用 kebao demo --out 文件夹，或 kebao --help 里的命令。")
        };
        let display = set("DISPLAY").ok_or_else(missing)?;
        let display = display.to_string_lossy().into_owned();
        // A local display has a socket; a remote one is for the window itself to find out.
        if let Some(number) = display.strip_prefix(':').map(|rest| rest.split('.').next().unwrap_or_default()) {
            let path = format!("/tmp/.X11-unix/X{number}");
            if std::path::Path::new(&path).parent().is_some_and(std::path::Path::exists) {
                std::os::unix::net::UnixStream::connect(&path)
                    .map_err(|error| missing().detail(format!("DISPLAY={display}: {error}")))?;
            }
        }
    }
    Ok(())
}

/// Whether Chinese can be typed: on X11 it vanishes silently without a UTF-8 locale and a named input method.
fn input_method() -> Option<Problem> {
    if !cfg!(target_os = "linux") || std::env::var_os("WAYLAND_DISPLAY").is_some() {
        return None;
    }
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default();
    let utf8 = locale.to_ascii_lowercase().replace('-', "").contains("utf8");
    let named = set("XMODIFIERS").is_some_and(|value| value.contains("@im=") && !value.ends_with("@im=none"));
    if utf8 && named {
        return None;
    }
    let why = if utf8 { "没有指定输入法（XMODIFIERS）" } else { "系统语言环境不是 UTF-8" };
    Some(
        Problem::io(format!("这台电脑现在打不出中文：{why}。"))
            .next("请启用输入法（如 fcitx5）后重新登录桌面，再打开科报。")
            .detail(format!("LANG={locale} XMODIFIERS={}", set("XMODIFIERS").unwrap_or_default())),
    )
}

/// The picture in the title bar and the task bar.
fn icon() -> Option<iced::window::Icon> {
    const PICTURE: &[u8] = include_bytes!("../../assets/icons/kebao-64.png");
    let mut reader = png::Decoder::new(std::io::Cursor::new(PICTURE)).read_info().ok()?;
    let mut rgba = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut rgba).ok()?;
    rgba.truncate(info.buffer_size());
    iced::window::icon::from_rgba(rgba, info.width, info.height).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_has_its_picture() {
        assert!(super::icon().is_some());
    }
}
