import asyncio
users = {}
async def serve(reader, writer):
    name = None
    def say(text):
        writer.write(text.encode() + b"\n")
    try:
        while line := await reader.readline():
            words = line.decode().rstrip("\r\n").split(" ", 2)
            if name is None:
                if words[0] != "HELLO-FROM" or len(words) != 2 or not words[1]:
                    say("BAD-RQST-BODY")
                elif words[1] in users:
                    say("IN-USE")
                elif len(users) >= 64:
                    say("BUSY")
                else:
                    name = words[1]
                    users[name] = writer
                    say("HELLO " + name)
            elif words[0] == "LIST":
                say("LIST-OK " + ",".join(users))
            elif words[0] == "SEND":
                if len(words) < 3:
                    say("BAD-RQST-BODY")
                elif words[1] not in users:
                    say("BAD-DEST-USER")
                else:
                    users[words[1]].write(f"DELIVERY {name} {words[2]}\n".encode())
                    say("SEND-OK")
            else:
                say("BAD-RQST-HDR")
                break
    except ConnectionError:
        pass
    finally:
        if name:
            users.pop(name, None)
        writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 5378, backlog=200)
    await server.serve_forever()
asyncio.run(main())
