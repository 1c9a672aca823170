"""The only place that knows Starlette and uvicorn."""
