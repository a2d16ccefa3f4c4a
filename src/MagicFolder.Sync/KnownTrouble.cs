using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.State;

namespace MagicFolder.Sync;

/// <summary>What can go wrong and was thought of. Its message says what it is and what to do, so it is told as it is; anything else is a mistake of this program.</summary>
public static class KnownTrouble
{
    public static bool Is(Exception trouble) =>
        trouble is GridException or DamagedBytesException or StateInUseException or StateStorageException or FolderUnavailableException or RefusedException
            // What a disk refuses is an IOException, too.
            or SecondWriterException or RemovedParticipantException or IOException or UnauthorizedAccessException;
}
