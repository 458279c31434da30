"""Pages in a real Chromium: what they show, by keyboard, on a small screen, and for those who do not see them."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe

from praxis_metrics.dashboard.headlines import HEADLINES
from tests.browser.conftest import Site, sign_in
from tests.browser.organisation import HIDDEN, MONTHS

PATHS = ("/", "/dashboard/learning-hours", "/dashboard/application-rate?compare=previous", "/sources", "/login")

TABLE = """
rows => rows.map(row => [...row.cells].map(cell => cell.querySelector("data")?.value ?? null))
"""


async def answered(site: Site, path: str) -> dict[str, Any]:
    found = await site.praxis.client.get(path)
    assert found.status_code == 200, found.text
    return dict(found.json())


def as_number(text: str | None) -> float | None:
    return None if text is None else float(text)


@pytest.mark.parametrize("kpi", HEADLINES)
async def test_a_charts_table_is_what_the_api_answers(site: Site, kpi: str) -> None:
    await site.open(f"/dashboard/{kpi}")
    rows = await site.page.eval_on_selector_all("#shown tbody tr", TABLE)
    shown = [[as_number(cell) for cell in row[1:6]] for row in rows]
    points = (await answered(site, f"/kpis/{kpi}"))["points"]
    names = ("value", "numerator", "denominator", "n", "unmatched")
    assert shown == [[point[name] for name in names] for point in points]
    link = await site.page.get_attribute("a:has-text('JSON')", "href")
    assert (await answered(site, str(link)))["points"] == points
    hidden = [point for point in points if point["suppressed"]]
    assert [point["from"] for point in hidden] == [HIDDEN.isoformat()]
    assert await site.page.locator(".chart .gap").count() == len(hidden)
    drawn = [point for point in points if point["value"] is not None]
    assert await site.page.locator(".chart .dot").count() == len(drawn)
    assert (await site.page.locator(".chart .band").count() > 0) == any(point["interval"] for point in drawn)


async def test_the_headlines_are_the_newest_final_figures_and_those_before(site: Site) -> None:
    await site.open("/")
    cards = site.page.locator(".headlines article")
    for number, kpi in enumerate(HEADLINES):
        points = {point["from"]: point for point in (await answered(site, f"/kpis/{kpi}"))["points"]}
        values = await cards.nth(number).locator("data").evaluate_all("all => all.map(each => Number(each.value))")
        assert values == [points[each.isoformat()]["value"] for each in (MONTHS[-1], MONTHS[-2])]


async def test_a_slice_is_chosen_by_keyboard_and_without_loading_the_page_again(site: Site) -> None:
    page = site.page
    await site.open("/dashboard/learning-hours")
    await page.evaluate("window.kept = true")
    await page.focus("select[name=slice]")
    await page.keyboard.type("sales")
    await page.wait_for_url("**slice=unit%3Asales**")
    await page.wait_for_selector("h2:has-text('unit sales')")
    rows = await page.eval_on_selector_all("#shown tbody tr", TABLE)
    points = (await answered(site, "/kpis/learning-hours?unit=sales"))["points"]
    assert [as_number(row[1]) for row in rows] == [point["value"] for point in points]
    assert await page.evaluate("window.kept") is True
    await page.go_back()
    await page.wait_for_selector("h2:has-text('Everybody')")


async def test_what_goes_wrong_is_said_where_the_part_was(site: Site) -> None:
    await site.open("/dashboard/learning-hours")
    await site.page.evaluate("document.querySelector('select[name=slice] option:last-child').value = 'team:a'")
    await site.page.select_option("select[name=slice]", "team:a")
    await site.page.wait_for_selector("#shown :text('There is no such slice.')")
    assert await site.page.locator("select[name=slice]").is_visible()
    assert len(site.complaints) == 1
    site.complaints.clear()  # Chromium's own, about a 400


async def test_all_that_can_be_used_is_reached_by_keyboard(site: Site) -> None:
    page = site.page
    await site.open("/dashboard/learning-hours")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    box = await page.locator(".skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    reached = set()
    wanted = await page.locator("a[href], button, select, summary, [tabindex='0']").count()
    for _ in range(wanted):
        place = "[...document.querySelectorAll('*')].indexOf(document.activeElement)"
        reached.add(await page.evaluate(place))
        await page.keyboard.press("Tab")
    assert len(reached) == wanted
    await page.focus(".skip")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "content"


async def test_a_small_screen_needs_no_scrolling_sideways(site: Site) -> None:
    await site.page.set_viewport_size({"width": 360, "height": 740})
    for path in PATHS:
        await site.open(path)
        assert await site.page.evaluate("document.documentElement.scrollWidth") <= 360, path


@pytest.mark.parametrize(
    ("scheme", "options"), [("light", {}), ("dark", {"runOnly": {"type": "rule", "values": ["color-contrast"]}})]
)
async def test_axe_finds_nothing_serious(site: Site, scheme: Any, options: dict[str, Any]) -> None:
    await site.page.emulate_media(color_scheme=scheme)
    for path in PATHS:
        await site.open(path)
        found = (await Axe().run(site.page, options=options)).response["violations"]
        serious = [each for each in found if each["impact"] in ("serious", "critical")]
        assert serious == [], (path, [(each["id"], [n["html"] for n in each["nodes"]]) for each in serious])


async def test_what_breaks_the_policy_would_be_seen(site: Site) -> None:
    await site.open("/")
    await site.page.evaluate("document.body.setAttribute('style', 'color: red')")
    await site.page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))")
    assert ["style" in site.complaints[0], "script" in site.complaints[1]] == [True, True]
    site.complaints.clear()


async def test_who_has_signed_out_signs_in_and_is_back(site: Site) -> None:
    await site.page.context.clear_cookies()  # the other tests' session goes on
    await sign_in(site.page, site.url)
    await site.page.click("button:has-text('Sign out')")
    await site.page.wait_for_url("**/login")
    await site.page.goto(f"{site.url}/dashboard/time-saved?grain=quarter")
    assert site.page.url == f"{site.url}/login?return_to=/dashboard/time-saved%3Fgrain%3Dquarter"
