"""Reads lines with asyncio, whose limit for one is 64 kB."""
import asyncio


async def serve(reader, writer):
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 9500)
    async with server:
        await server.serve_forever()


asyncio.run(main())
