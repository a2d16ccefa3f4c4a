using System.Text;
using MagicFolder.Grid.Servers.Locking;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Servers;

public sealed partial class DirectoryShareServer
{
    /// <summary>An unfinished upload that nobody has written to for so long, and that no living process holds, is a leftover.</summary>
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromMinutes(10);

    /// <summary>Whether a grid stands at this path; perhaps one that cannot be used.</summary>
    public static bool IsAt(string path) => Directory.Exists(new GridLayout(Path.GetFullPath(path)).Shares);

    /// <summary>Makes a new grid in a directory that is empty or not there yet, and opens it.</summary>
    /// <exception cref="GridException"><see cref="GridFailure.Denied"/> when the directory holds a grid or anything else; and as <see cref="OpenAsync"/>.</exception>
    public static async Task<DirectoryShareServer> CreateAsync(string path, TimeProvider time, IRandomSource random, CancellationToken cancel)
    {
        var layout = new GridLayout(Path.GetFullPath(path));
        Guarded(layout.Root, () =>
        {
            if (File.Exists(layout.Root) || (Directory.Exists(layout.Root) && Directory.EnumerateFileSystemEntries(layout.Root).Any()))
            {
                throw new GridException(
                    GridFailure.Denied, $"'{layout.Root}' is not empty. Name a new directory for the grid, or open the grid that is there.");
            }

            PrivateFiles.CreateDirectory(layout.Root);
            // This makes it a grid. Everything else is made by whoever opens it, so that no crash leaves something to repair.
            PrivateFiles.CreateDirectory(layout.Shares);
            PrivateFiles.FlushDirectory(layout.Root);
            PrivateFiles.FlushDirectory(Path.GetDirectoryName(layout.Root) ?? layout.Root);
            return true;
        });
        return await OpenAsync(layout.Root, time, random, cancel);
    }

    /// <summary>
    /// Opens a grid: a directory with our marker, or with the <c>shares</c> of a Tahoe-LAFS storage server. Proves that locks work, and removes the leftovers of
    /// uploads whose processes have died.
    /// </summary>
    /// <exception cref="GridException">
    /// <see cref="GridFailure.Unavailable"/> when no grid is there (as with a drive that is not mounted), <see cref="GridFailure.LocksUnsupported"/>,
    /// <see cref="GridFailure.NewerFormat"/>, <see cref="GridFailure.Denied"/>.
    /// </exception>
    public static async Task<DirectoryShareServer> OpenAsync(string path, TimeProvider time, IRandomSource random, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(random);
        var layout = new GridLayout(Path.GetFullPath(path));
        Guarded(layout.Root, () =>
        {
            CheckIsGrid(layout);
            PrivateFiles.CreateOneDirectory(layout.Locks);
            return true;
        });

        var locks = new SlotLocks(layout.Locks, time);
        using (await locks.TakeOpeningAsync(cancel))
        {
            var identity = Guarded(layout.NodeId, () =>
            {
                WriteMarker(layout);
                return LoadIdentity(layout, random);
            });
            Guarded(layout.Incoming, () => RemoveLeftovers(layout, time.GetUtcNow() - LeftoverAge));
            return new DirectoryShareServer(layout, locks, identity, time, random);
        }
    }

    private static void CheckIsGrid(GridLayout layout)
    {
        if (!Directory.Exists(layout.Root))
        {
            throw StorageTrouble.Missing(layout.Root);
        }

        var marked = GridMarker.Check(layout.Root);
        if (Directory.Exists(layout.Shares))
        {
            return;
        }

        throw new GridException(
            GridFailure.Unavailable,
            marked
                ? $"The grid at '{layout.Root}' has lost its directory 'shares'. Restore it from a backup."
                : $"'{layout.Root}' holds no grid. If it is on a drive that is not mounted, mount it; to take it as a new one, make an empty directory 'shares' in it.");
    }

    /// <summary>Marks a new grid or the storage of a real server, so that later formats can tell older programs apart. The caller holds the opening lock.</summary>
    private static void WriteMarker(GridLayout layout)
    {
        if (!GridMarker.Check(layout.Root))
        {
            PrivateFiles.Replace(layout.Marker, layout.Marker + ".new", GridMarker.Content);
            PrivateFiles.FlushDirectory(layout.Root);
        }
    }

    /// <summary>The node id, made at the first opening. The caller holds the opening lock.</summary>
    private static ServerIdentity LoadIdentity(GridLayout layout, IRandomSource random)
    {
        var id = new byte[ServerIdentity.NodeIdSize];
        if (File.Exists(layout.NodeId))
        {
            using var file = ShareFile.Open(layout.NodeId, FileAccess.Read);
            var text = new byte[64];
            var length = RandomAccess.Read(file, text, 0);
            if (!Base32.TryDecode(Encoding.ASCII.GetString(text, 0, length).TrimEnd(), id))
            {
                throw new GridException(
                    GridFailure.Damaged, $"'{layout.NodeId}' is not a node id. Restore it: without it nothing mutable in this grid can be written.");
            }
        }
        else
        {
            random.Fill(id);
            PrivateFiles.Replace(layout.NodeId, layout.NodeId + ".new", Encoding.ASCII.GetBytes(Base32.Encode(id) + "\n"));
            PrivateFiles.FlushDirectory(layout.Root);
        }

        return new ServerIdentity(id, id);
    }

    private static bool RemoveLeftovers(GridLayout layout, DateTimeOffset before)
    {
        if (!Directory.Exists(layout.Incoming))
        {
            return false;
        }

        // What a link points to is not the grid's, and whoever controls the directory could name anything of the user's.
        ShareFile.RequireDirectory(layout.Incoming);
        var within = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var path in Directory.EnumerateFiles(layout.Incoming, "*", within))
        {
            if (File.GetLastWriteTimeUtc(path) < before.UtcDateTime && !IsHeld(path))
            {
                // RACE: an uploader that closed its file ten minutes ago and has not renamed it yet, which takes half a minute at most, loses it; its upload fails and can be repeated.
                File.Delete(path);
            }
        }

        return true;
    }

    /// <summary>Whether a living uploader, of any process, has the file open.</summary>
    private static bool IsHeld(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
