from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request

router = APIRouter()


def backend_of(request: Request):
    return request.app.state.backend


Backend = Annotated[object, Depends(backend_of)]


async def fetched(backend: Backend):
    try:
        return await backend.fetch()
    except ConnectionError as error:
        raise HTTPException(502) from error


def queried(backend: Backend):
    try:
        return backend.query_sync()
    except ConnectionError as error:
        raise HTTPException(502) from error


@router.get("/io")
async def io(data: Annotated[dict, Depends(fetched)]):
    return data


@router.get("/legacy")
async def legacy(rows: Annotated[list, Depends(queried)]):
    return rows


@router.get("/digest")
def digest(n: int, backend: Backend):
    try:
        return backend.crunch(n)
    except ConnectionError as error:
        raise HTTPException(502) from error


@router.get("/healthz")
async def healthz():
    return {"ok": True}


def create_app(backend):
    app = FastAPI()
    app.state.backend = backend
    app.include_router(router)
    return app
