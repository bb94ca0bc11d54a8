"""Sends each line from the keyboard, without its end; stops after "Fin" (TP1, listing 1)."""
import socket

print("Console Client", flush=True)
with socket.socket() as server:
    server.connect(("127.0.0.1", 9500))
    line = ""
    try:
        while line != "Fin":
            line = input()
            server.sendall(line.encode())
    except EOFError:  # the end of the keyboard's input is an end as well
        pass
    except ConnectionError:
        print("Le serveur est parti")
print("Fin du programme")
