"""What is served: users with the enterprise extension, groups, and what clients can discover of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import scim2_models
from pydantic import Field
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Filter,
    Group,
    Meta,
    Mutability,
    Pagination,
    Patch,
    Reference,
    Required,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    User,
)

PREFIX = "/scim/v2"
MOST_RESULTS = 200


class Manager(ComplexAttribute):
    """A manager by whatever the identity provider knows of them: RFC 7643 §4.3 wants a ``$ref`` too, which Entra ID and
    Okta leave out."""

    value: Annotated[str | None, Required.true, CaseExact.true] = None
    ref: Annotated[Reference["User"] | None, Required.false] = Field(  # type: ignore[type-arg]
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display_name: Annotated[str | None, Mutability.read_only] = None


class EnterpriseUser(scim2_models.EnterpriseUser):
    __schema__ = scim2_models.EnterpriseUser.__schema__

    manager: Manager | None = None  # type: ignore[assignment]


PERSON = User[EnterpriseUser]
Resource: TypeAlias = Any
"""A ``PERSON`` or a ``Group``; the library composes their classes at run time."""


class Kind(StrEnum):
    USER = "User"
    GROUP = "Group"

    @property
    def model(self) -> Any:
        return PERSON if self is Kind.USER else Group

    @property
    def endpoint(self) -> str:
        return f"{PREFIX}/{self}s"


POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""What Entra ID and Okta send beyond the specification: attributes of their own, values in a ``remove``, and filters
that are meant to make what they describe."""

_BASIC = AuthenticationScheme(
    type=AuthenticationScheme.Type.httpbasic,
    name="HTTP Basic",
    description="A credential's key and secret.",
)
_BEARER = AuthenticationScheme(
    type=AuthenticationScheme.Type.oauthbearertoken,
    name="Bearer token",
    description="A credential's key and secret, with a colon between them, as a static token.",
    primary=True,
)

CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    pagination=Pagination(cursor=False, index=True, default_page_size=MOST_RESULTS, max_page_size=MOST_RESULTS),
    authentication_schemes=[_BEARER, _BASIC],
)
PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, Group],
    resource_types=[ResourceType.from_resource(PERSON), ResourceType.from_resource(Group)],
    config=CONFIG,
    policy=POLICY,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A resource as it is kept. ``told``: what was told of the person so far (``employment.Told`` as JSON)."""

    id: UUID
    kind: Kind
    resource: Resource
    told: dict[str, Any]
    version: int
    created: datetime
    modified: datetime

    @property
    def etag(self) -> str:
        return f'W/"{self.version}"'

    def location(self, base_url: str) -> str:
        return f"{base_url}{self.kind.endpoint}/{self.id}"

    def shown(self, base_url: str) -> Resource:
        """With what the service says of it."""
        shown = self.resource.model_copy()
        shown.id = str(self.id)
        shown.meta = Meta(
            resource_type=str(self.kind),
            created=self.created,
            last_modified=self.modified,
            location=self.location(base_url),
            version=self.etag,
        )
        return shown
