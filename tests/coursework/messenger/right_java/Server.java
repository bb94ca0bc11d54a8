import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.util.*;

/** A messenger's server: a thread for each client, all under one lock. */
public class Server {
    private static final Map<String, String> passwords = new HashMap<>();
    private static final Map<String, PrintWriter> connected = new HashMap<>();
    private static final Map<String, List<String>> kept = new HashMap<>();

    public static void main(String[] words) throws IOException {
        for (String line : Files.readAllLines(Path.of("credentials.txt"))) {
            String[] parts = line.split(" ");
            passwords.put(parts[0], parts[1]);
            kept.put(parts[0], new ArrayList<>());
        }
        ServerSocket listener = new ServerSocket(Integer.parseInt(words[0]));
        while (true) {
            Socket client = listener.accept();
            new Thread(() -> serve(client)).start();
        }
    }

    private static void serve(Socket client) {
        try (client) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(client.getInputStream()));
            PrintWriter answers = new PrintWriter(client.getOutputStream(), true);
            String name = lines.readLine();
            if (!logIn(name, lines.readLine(), answers))
                return;
            try {
                for (String line; (line = lines.readLine()) != null && !line.equals("logout");)
                    obey(name, line);
            } finally {
                logOut(name);
            }
        } catch (IOException e) {
            // this client has gone
        }
    }

    private static synchronized boolean logIn(String name, String password, PrintWriter answers) {
        if (password == null || !password.equals(passwords.get(name)) || connected.containsKey(name)) {
            answers.println("Invalid user name or password");
            return false;
        }
        connected.put(name, answers);
        answers.println("Welcome");
        tellOthers(name, name + " has come");
        for (String line : kept.put(name, new ArrayList<>()))
            tell(name, line);
        return true;
    }

    private static synchronized void logOut(String name) {
        connected.remove(name);
        tellOthers(name, name + " has left");
    }

    private static synchronized void obey(String name, String line) {
        String[] words = line.split(" ", 3);
        if (words[0].equals("broadcast") && words.length > 1)
            tellOthers(name, name + ": " + line.substring("broadcast ".length()));
        else if (words[0].equals("message") && words.length == 3 && passwords.containsKey(words[1]))
            tell(words[1], name + ": " + words[2]);
        else
            tell(name, "Error: this cannot be done");
    }

    private static void tell(String name, String line) {
        if (connected.containsKey(name))
            connected.get(name).println(line);
        else
            kept.get(name).add(line);
    }

    private static void tellOthers(String name, String line) {
        for (String other : connected.keySet())
            if (!other.equals(name))
                tell(other, line);
    }
}
