import java.io.*;
import java.net.*;

/** A messenger's client: one thread shows what comes, the other sends what is typed. */
public class Client {
    public static void main(String[] words) throws IOException {
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in));
        System.out.print("Username: ");
        String name = keyboard.readLine();
        System.out.print("Password: ");
        String password = keyboard.readLine();
        Socket server = new Socket(words[0], Integer.parseInt(words[1]));
        PrintWriter out = new PrintWriter(server.getOutputStream(), true);
        out.println(name);
        out.println(password);
        new Thread(() -> show(server)).start();
        for (String line; (line = keyboard.readLine()) != null;)
            out.println(line);
    }

    private static void show(Socket server) {
        try {
            BufferedReader lines = new BufferedReader(new InputStreamReader(server.getInputStream()));
            for (String line; (line = lines.readLine()) != null;)
                System.out.println(line);
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
        System.exit(0);
    }
}
