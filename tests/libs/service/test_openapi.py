"""What the document says of every operation."""

from typing import Annotated, Any

import httpx
from fastapi import FastAPI, Query
from pydantic import BaseModel

from praxis_service import openapi, problem
from praxis_service.openapi import problems


class Body(BaseModel):
    name: str


def served() -> FastAPI:
    app = FastAPI()
    problem.install(app)
    openapi.describe(app)

    @app.get("/things/{thing}")
    async def look(thing: int, size: Annotated[int, Query()] = 1) -> Body:
        raise problem.NotFound(f"There is no {thing} of {size}.")

    @app.put("/things/{thing}", responses=problems(409))
    async def put(thing: int, body: Body) -> None:
        raise problem.Conflict(f"{thing} is not {body.name}.")

    @app.get("/xapi/about")
    async def about() -> str:
        return "Praxis"

    return app


def statuses(operation: dict[str, Any]) -> set[str]:
    return set(operation["responses"])


def test_every_operation_names_what_the_edge_answers() -> None:
    document = served().openapi()
    thing, about = document["paths"]["/things/{thing}"], document["paths"]["/xapi/about"]["get"]
    assert statuses(thing["get"]) == {"200", "400", "401", "403", "404", "429", "503"}
    assert statuses(thing["put"]) == {"200", "400", "401", "403", "404", "409", "413", "429", "503"}
    assert (statuses(about), about["security"]) == ({"200", "400", "503"}, [])
    assert thing["get"]["security"] == [{"basic": []}, {"token": []}]
    named = {each["$ref"].rpartition("/")[2] for each in thing["put"]["responses"].values() if "$ref" in each}
    assert named <= set(document["components"]["responses"])
    assert "HTTPValidationError" not in document["components"]["schemas"]


async def test_what_fastapi_would_answer_by_422_is_a_400_and_405_names_every_method() -> None:
    app = served()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/things/x")).status_code == 400
        assert (await client.get("/things/7")).status_code == 404
        refused = await client.delete("/things/7")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, PUT")
    assert refused.json()["detail"] == "This is not for DELETE, but for GET, PUT."
