using MagicFolder.Grid;
using MagicFolder.Sync.Checking;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Tests.Viewing;
using MagicFolder.Sync.Viewing;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Tests.Checking;

/// <summary>A synchronized folder, the files in which its shares are, and checks of it.</summary>
internal sealed class StoredWorld(EmbeddedWorld world) : IDisposable
{
    private const int LargeSize = 200_000;

    internal EmbeddedWorld World { get; } = world;

    /// <summary>One share of everything.</summary>
    internal static async Task<StoredWorld> SingleAsync(params string[] names) => new(await EmbeddedWorld.StartAsync(names));

    /// <summary>Five directories, of which any two are enough.</summary>
    internal static async Task<StoredWorld> SpreadAsync(params string[] names) => new(await EmbeddedWorld.StartSpreadAsync(new GridEncoding(2, 3, 5), names));

    internal static Task<StoredWorld> StartAsync(bool isSpread, params string[] names) => isSpread ? SpreadAsync(names) : SingleAsync(names);

    /// <param name="who">Who looks.</param>
    /// <param name="repair">Repair, too.</param>
    /// <param name="here">Who takes part on this computer; all by default.</param>
    internal async Task<FolderCheck> CheckAsync(string who = "alice", bool repair = false, params string[] here)
    {
        var folder = here.Length == 0 ? World.Folder : World.Folder with { Participants = [.. here.Select(World.Participant)] };
        using var view = FolderView.Open(folder, World.StateDirectory, World.Participant(who));
        return await new FolderChecker(view, World.Grid, (IGridCare)World.Grid, TimeProvider.System).CheckAsync(repair, TestContext.Current.CancellationToken);
    }

    internal void WriteLarge(string who, string path)
    {
        byte[] bytes = new byte[LargeSize];
        EmbeddedWorld.Random.Fill(bytes);
        Directory.CreateDirectory(Path.GetDirectoryName(World.At(who, path))!);
        File.WriteAllBytes(World.At(who, path), bytes);
    }

    /// <summary>Writes a large file and brings all to rest. Returns the shares of the pack that it is in.</summary>
    internal async Task<string[]> StoreAsync(string who, string path)
    {
        string[] before = Packs();
        WriteLarge(who, path);
        await World.SyncAsync();
        return [.. Packs().Except(before).Where(share => new FileInfo(share).Length > LargeSize / 4)];
    }

    /// <summary>Directories of the grid are gone, with all that is in them.</summary>
    internal void Lose(params string[] directories)
    {
        foreach (string directory in directories) Directory.Delete(Path.Combine(World.GridDirectory, directory), recursive: true);
    }

    /// <summary>Puts empty directories in the places of lost ones, as one does by hand.</summary>
    internal void Replace(params string[] directories)
    {
        foreach (string directory in directories) Directory.CreateDirectory(Path.Combine(World.GridDirectory, directory, "shares"));
    }

    /// <summary>The shares of all packs.</summary>
    internal string[] Packs() => [.. Shares().Where(IsImmutable)];

    internal string[] PersonalOf(string name)
    {
        using var keys = MutableKeys.FromPkcs8(World.Participant(name).PersonalKey.AsSpan());
        return SharesOf(keys.ToWriteCap().StorageIndex);
    }

    internal string[] Collective() => SharesOf(World.Folder.Collective.ReadCap.StorageIndex);

    internal static void Flip(string share)
    {
        byte[] bytes = File.ReadAllBytes(share);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(share, bytes);
    }

    public void Dispose() => World.Dispose();

    private string[] SharesOf(StorageIndex index) => [.. Shares().Where(share => Path.GetFileName(Path.GetDirectoryName(share)) == index.ToString())];

    private IEnumerable<string> Shares() =>
        Directory.EnumerateFiles(World.GridDirectory, "*", SearchOption.AllDirectories).Where(file => int.TryParse(Path.GetFileName(file), out _)).Order(StringComparer.Ordinal);

    private static bool IsImmutable(string share)
    {
        using var file = File.OpenRead(share);
        Span<byte> start = stackalloc byte[3];
        return file.Read(start) == 3 && start.SequenceEqual(new byte[3]);
    }
}
