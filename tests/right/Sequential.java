/* One client at a time. */
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

public class Sequential {
    public static void main(String[] arguments) throws IOException {
        try (ServerSocket listener = new ServerSocket(9500, 128, InetAddress.getByName("127.0.0.1"))) {
            for (;;) {
                try (Socket client = listener.accept()) {
                    client.getInputStream().transferTo(client.getOutputStream());
                } catch (IOException gone) {
                    // this client has gone: the next one
                }
            }
        }
    }
}
