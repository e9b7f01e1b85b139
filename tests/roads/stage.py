"""Sets a new installation up for the roads: a county on record, a policy adopted by two, and
somebody chosen for each road.

    stage.py FOLDER

FOLDER holds county.xlsx and the server's output in server.txt. Written there: url.txt, a token
for each office in OFFICE.token (of an institution's clerk in clerk-CODE.token), and chosen.txt
with a line for each road: road, person, name, institution, code, rank, grade. Only the API is
used, as a client would.
"""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "schemathesis"))
from offices import AREA, NATURES, Person, listening  # noqa: E402

POLICY = "inner-mongolia/primary-care-draft"
SENIOR = "associate_senior"


def all_of(somebody, path):
    """Every item of a list, page by page."""
    items, after = [], ""
    while True:
        page = somebody.ask("GET", f"{path}?limit=200{after}")
        items += page["items"]
        if not page.get("next"):
            return items
        after = f"&after={page['next']}"


class Stage:
    def __init__(self, folder):
        self.folder = folder
        url, link = listening(folder)
        (folder / "url.txt").write_text(url)
        self.url = url
        self.administrator = Person(url).enter(link, "admin")

    def invite(self, office, capacity):
        order = {"user_name": office.lower(), "name": office, "capacities": [capacity]}
        made = self.administrator.ask("POST", "/accounts", order)
        person = Person(self.url).enter(made["link"], office.lower())
        # the roads take weeks
        order = {"name": "roads", "natures": NATURES, "days": 60}
        token = person.ask("POST", "/me/tokens", order)["secret"]
        (self.folder / f"{office}.token").write_text(token)
        return person

    def reviewer(self, office):
        tier, authority = office.split("_", 1)
        area = AREA if tier == "county" else AREA[:4]
        capacity = {"role": "reviewer", "authority": authority, "tier": tier, "area": area}
        return self.invite(office, capacity)

    def adopt(self, health, posts):
        order = {
            "area": AREA,
            "policy": POLICY,
            "on": "2026-01-01",
            "raised_ratio": True,
            "directed_evaluation": True,
            # so that a decision, and not the clock, moves somebody off quota
            "off_quota": "by_decision",
        }
        proposed = health.ask("POST", "/adoptions", order)["id"]
        posts.ask("POST", f"/adoptions/{proposed}/adoption", {"reason": "同意"})


def chosen(somebody):
    """For each road somebody to whom it is open, no one twice."""
    roads, directed = {}, None
    for person in all_of(somebody, "/people"):
        seen = somebody.ask("GET", f"/people/{person['id']}/eligibility")
        free = {one["pool"]: one["vacant"] or 0 for one in seen["places"]}
        for road in seen["roads"]:
            kind, rank = road["kind"], road["target"]["rank"]
            place = road["place"] is None or road["place"]["passed"]
            is_open = road["verdict"] in ("holds", "judgement") and place
            wanted = {
                "appointment": rank == SENIOR or "appointment" not in roads,
                # where there is a free place the ordinary road is the one to take
                "above_ratio": "above_ratio" not in roads,
                "off_quota": "off_quota" not in roads and road["ledger_before"] == "ordinary",
                "directed_title": directed is None
                and rank == SENIOR
                and free["directed"] > 0
                and person["title"] == "intermediate",
            }
            if not is_open or not wanted.get(kind):
                continue
            if any(one is person for one, _ in roads.values()) or directed is person:
                continue
            roads[kind] = (person, road["target"])
            if kind == "directed_title":
                directed = person
            break
    return roads


def main():
    folder = pathlib.Path(sys.argv[1])
    for _ in range(300):
        if (folder / "server.txt").exists():
            break
        time.sleep(0.1)
    stage = Stage(folder)
    county = ["county_human_resources", "county_health", "county_drug_regulator"]
    city = ["city_human_resources", "city_health", "city_drug_regulator"]
    offices = {office: stage.reviewer(office) for office in county + city}
    stage.invite("auditor", {"role": "auditor"})
    posts = offices["county_human_resources"]
    posts.import_county((folder / "county.xlsx").read_bytes(), on="2026-01-01")
    stage.adopt(offices["county_health"], posts)
    houses = {house["id"]: house for house in all_of(posts, "/institutions")}
    lines = []
    for kind, (person, target) in chosen(posts).items():
        house = houses[person["employment"]["institution"]]
        if not (folder / f"clerk-{house['code']}.token").exists():
            capacity = {"role": "institution_hr", "institution": house["id"]}
            stage.invite(f"clerk-{house['code']}", capacity)
        name, grade = person["profile"]["name"], target["grade"] or "-"
        line = [kind, person["id"], name, house["id"], house["code"], target["rank"], str(grade)]
        lines.append("\t".join(line))
    (folder / "chosen.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
