package us.kbase.caching.cli.upkeep;

import java.io.IOException;
import java.nio.file.Path;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.LocalFault;
import us.kbase.caching.cli.client.ServerAddress;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.local.OwnersNote;
import us.kbase.caching.store.disk.DataFolder;

/** Who has the configured store in hands: a command works on it by itself, or asks the gateway that owns it. */
sealed interface StoreOwner {

    /** A bucket belongs to nobody alone, and a data folder to nobody while no gateway runs. */
    record Nobody() implements StoreOwner {}

    /** A gateway that runs on this machine. */
    record RunningGateway(ServerAddress address, String token) implements StoreOwner {
        /** A client with an administrator's rights; the caller closes. */
        GatewayClient client() {
            return new GatewayClient(address, token);
        }
    }

    /**
     * Finds out; creates nothing.
     *
     * @throws LocalFault when there is no store, or nobody can be asked
     */
    static StoreOwner of(GatewayConfig.Store store) throws LocalFault {
        return store instanceof GatewayConfig.Store.Disk disk ? of(disk.path().toAbsolutePath()) : new Nobody();
    }

    private static StoreOwner of(Path folder) throws LocalFault {
        if (!DataFolder.isStore(folder)) {
            throw new LocalFault("There is no store in " + folder
                    + "; check store.disk.path, and the folder that this command is run in.");
        }
        try {
            return DataFolder.isOwned(folder) ? gateway(folder) : new Nobody();
        } catch (IOException e) {
            throw e instanceof LocalFault fault ? fault : new LocalFault(folder + " cannot be read", e);
        }
    }

    private static StoreOwner gateway(Path folder) throws IOException {
        OwnersNote.Door door = OwnersNote.find(folder)
                .orElseThrow(() -> new LocalFault("The data folder " + folder
                        + " is in use, and not by a gateway that says where it listens: another command may be at work,"
                        + " or a gateway is just starting; try again later."));
        return new RunningGateway(new ServerAddress(door.address()), door.token());
    }
}
