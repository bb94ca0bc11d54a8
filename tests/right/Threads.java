/* A thread for each client. */
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

public class Threads {
    static void serve(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException gone) {
            // this client has gone; the others stay
        }
    }

    public static void main(String[] arguments) throws IOException {
        try (ServerSocket listener = new ServerSocket(9500, 128, InetAddress.getByName("127.0.0.1"))) {
            for (;;) {
                Socket client = listener.accept();
                new Thread(() -> serve(client)).start();
            }
        }
    }
}
