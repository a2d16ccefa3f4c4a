using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using MagicFolder.FileSystem.Capturing;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>Is a conflict file, or what was swapped out, still the version that was put there? A mere touch makes no version, so where the signature says no, the content is read.</summary>
internal static class ContentRecognition
{
    private const int BufferSize = 1 << 16;
    private const int MostReads = 3; // A touch while it is read is no edit; what changes again and again is being edited.

    /// <summary>How it waits there now; null when it was edited. Of a directory no more can be said than whether it is the one that it was, and empty.</summary>
    internal static DiskStat? StatIfStill(IDisk disk, StagedLeftover leftover) =>
        leftover.Value.Kind == EntryKind.Directory ? null : StatIfStill(disk, leftover.Stage, leftover.Value, leftover.Signature);

    /// <summary>How it stands there now; null when it was edited.</summary>
    internal static DiskStat? StatIfStill(IDisk disk, ConflictFile file) => StatIfStill(disk, file.File, file.Value, file.Signature);

    private static DiskStat? StatIfStill(IDisk disk, RelativePath path, EntryValue value, DiskSignature signature)
    {
        for (int read = 1; ; read++)
        {
            var stat = StatIfStill(disk, path, value, signature, out bool isSure);
            if (isSure || read == MostReads) return stat;
        }
    }

    private static DiskStat? StatIfStill(IDisk disk, RelativePath path, EntryValue value, DiskSignature signature, out bool isSure)
    {
        isSure = true;
        if (disk.StatOrNull(path) is not { } stat) return null;
        if (stat.LooksLike(value, signature)) return stat;
        return (stat.Kind, value.Kind) switch
        {
            (DiskKind.File, EntryKind.File) => HasContent(disk, path, value, signature, out isSure) ? stat : null,
            (DiskKind.Symlink, EntryKind.Symlink) => disk.ReadLink(path).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(value.LinkTarget!)) ? stat : null,
            _ => null,
        };
    }

    private static bool HasContent(IDisk disk, RelativePath path, EntryValue value, DiskSignature signature, out bool isSure)
    {
        isSure = true;
        using var reader = StableReader.Open(disk, path);
        if (reader.Opened.Size != value.Size || !reader.Opened.HasBitOf(signature)) return false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = reader.Read(buffer)) > 0 && reader.Position <= value.Size) hash.AppendData(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        isSure = reader.Confirm() is not null;
        return isSure && new BlobId(hash.GetHashAndReset()) == value.Content;
    }
}
