"""Path parameters of the catalogue: ids and revision numbers."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^/\x00]+$")]


CarrierId = Annotated[Id, Path(description="Id of the carrier.", examples=["rakuten-mobile"])]


ProcedureId = Annotated[
    Id, Path(description="Id of the procedure.", examples=["cancel-online-or-app"])
]


RevisionNumber = Annotated[
    int, Path(ge=1, le=2_147_483_647, description="Number of the revision.", examples=[1])
]
