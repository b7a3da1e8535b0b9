package us.kbase.caching.stress.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import us.kbase.caching.stress.process.Child;
import us.kbase.caching.stress.process.Cleanup;
import us.kbase.caching.stress.process.ServerProcess;

/**
 * nginx as a proxy that holds nothing back, about the least that any gateway in front of S3 can cost; and as a server of files, put and
 * got by its DAV module, which neither syncs nor compares.
 */
final class Nginx {

    private final Child child;
    private final URI endpoint;
    private final URI files;

    private Nginx(Child child, URI endpoint, URI files) {
        this.child = child;
        this.endpoint = endpoint;
        this.files = files;
    }

    static Nginx start(Cleanup cleanup, Path executable, Path folder, URI s3) {
        int port = Child.freePort();
        int filesPort = Child.freePort();
        String configuration = """
                worker_processes auto;
                daemon off;
                user root;
                pid nginx.pid;
                error_log stderr warn;
                events { worker_connections 4096; }
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  upstream s3 { server %s; keepalive 64; }
                  server {
                    listen 127.0.0.1:%d;
                    client_max_body_size 0;
                    location = /alive { return 200; }
                    location / {
                      proxy_pass http://s3;
                      proxy_http_version 1.1;
                      proxy_set_header Host $http_host;
                      proxy_set_header Connection "";
                      proxy_request_buffering off;
                      proxy_buffering off;
                    }
                  }
                  server {
                    listen 127.0.0.1:%d;
                    client_max_body_size 0;
                    location / {
                      root files;
                      dav_methods PUT DELETE;
                      create_full_put_path on;
                    }
                  }
                }
                """.formatted(s3.getAuthority(), port, filesPort);
        if (!System.getProperty("user.name").equals("root")) {
            configuration = configuration.replace("user root;\n", "");
        }
        Path home = folder.resolve("nginx");
        try {
            Files.createDirectories(home);
            Files.writeString(home.resolve("nginx.conf"), configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Child child = Child.start(
                cleanup, "nginx", List.of(executable.toString(), "-p", home + "/", "-c", "nginx.conf"), Map.of(), home);
        child.awaitAnswer(port, "/alive");
        return new Nginx(child, URI.create("http://127.0.0.1:" + port), URI.create("http://127.0.0.1:" + filesPort));
    }

    /** Where it proxies S3. */
    URI endpoint() {
        return endpoint;
    }

    /** Where it serves files. */
    URI files() {
        return files;
    }

    ServerProcess use() {
        return child.use();
    }
}
