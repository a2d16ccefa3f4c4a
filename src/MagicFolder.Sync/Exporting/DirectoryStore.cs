using System.Runtime.InteropServices;
using MagicFolder.Grid;
using MagicFolder.Model.Blobs;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;

namespace MagicFolder.Sync.Exporting;

/// <summary>Immutable directories and files on the grid, with keys that follow from what is in them and a secret: what is unchanged keeps its cap.</summary>
internal sealed class DirectoryStore(IGrid grid, byte[] convergence)
{
    /// <summary>Others may have put into the mutable directory what they like: nothing larger is taken into memory.</summary>
    private const long LongestTable = 64 << 20;

    private readonly EncryptionKeyChoice _key = EncryptionKeyChoice.Convergent(convergence);

    internal Task<ImmutableCap> PutAsync(Stream content, CancellationToken cancel) => grid.PutImmutableAsync(content, content.Length, _key, cancel);

    internal async Task<ImmutableCap> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        await using var stream = MemoryMarshal.TryGetArray(content, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(content.ToArray(), writable: false);
        return await PutAsync(stream, cancel);
    }

    internal async Task<DirectoryCap> PutAsync(DirectoryTable table, CancellationToken cancel) => new(await PutAsync(table.Pack(), cancel));

    /// <summary>Null if it cannot be had any more, is no directory, or too large for one.</summary>
    /// <exception cref="GridException">The storage cannot be reached now.</exception>
    internal async Task<DirectoryTable?> TryReadAsync(DirectoryCap cap, CancellationToken cancel)
    {
        try
        {
            await using var file = await grid.OpenImmutableAsync((ImmutableCap)cap.Inner, cancel);
            if (file.Size > LongestTable) return null;
            byte[] packed = new byte[file.Size];
            await file.ReadAsync(0, packed, cancel);
            return DirectoryTable.Parse(packed, DirectoryAuthority.Immutable);
        }
        catch (Exception e) when (e is DamagedDirectoryException or GridException { IsPermanent: true })
        {
            return null;
        }
    }

    /// <summary>The caps of all files below a directory, by the content ids written with them. What cannot be read is left out.</summary>
    internal async Task<Dictionary<BlobId, ImmutableCap>> ReadContentsAsync(DirectoryCap top, CancellationToken cancel)
    {
        var found = new Dictionary<BlobId, ImmutableCap>();
        var seen = new HashSet<DirectoryCap> { top };
        var open = new Stack<DirectoryCap>(seen);
        while (open.TryPop(out var directory))
        {
            foreach (var child in (await TryReadAsync(directory, cancel))?.Children ?? [])
            {
                if (child.Caps.Read is DirectoryCap { Inner: ImmutableCap } below && seen.Add(below)) open.Push(below);
                else if (child.Caps.Read is ImmutableCap file && ExportedMetadata.ContentOf(child.Metadata) is { } content) found[content] = file;
            }
        }
        return found;
    }

    /// <summary>Is all of it still there, and leased?</summary>
    internal async Task<bool> KeepAsync(ImmutableCap cap, CancellationToken cancel) =>
        cap is not ChkCap chk || await grid.RenewLeaseAsync(chk.StorageIndex, cancel);
}
