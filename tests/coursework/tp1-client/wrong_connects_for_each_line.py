"""Makes a new connection for each line, so that for the server each message is a client of its
own."""
import socket

print("Console Client", flush=True)
with socket.socket() as server:
    line = ""
    try:
        while line != "Fin":
            line = input()
            with socket.create_connection(("127.0.0.1", 9500)) as another:
                another.sendall(line.encode())
    except EOFError:  # the end of the keyboard's input is an end as well
        pass
    except ConnectionError:
        print("Le serveur est parti")
print("Fin du programme")
