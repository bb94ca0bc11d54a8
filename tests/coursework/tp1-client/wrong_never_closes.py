"""Neither closes nor ends after "Fin", but waits for one more Enter: the connection stays
ESTABLISHED, or in CLOSE_WAIT when the server has closed."""
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
    input("Enter pour quitter")
print("Fin du programme")
