using System.Text.Json;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Versions;
using MagicFolder.Tahoe.Directories;

namespace MagicFolder.Sync.Exporting;

/// <summary>
/// What stands beside the cap of a file or directory: <c>mtime</c> in seconds since 1970, and of a file, under <c>magic-folder</c>, its content id and whether it is executable
/// (docs/formats/tahoe-export.md).
/// </summary>
internal static class ExportedMetadata
{
    private const string Ours = "magic-folder";
    private const string ContentMember = "content";
    private const double NanosecondsPerSecond = 1e9;

    internal static ChildMetadata Of(EntryValue value)
    {
        string own = value.Kind == EntryKind.File
            ? $"{{\"{Ours}\": {{\"{ContentMember}\": \"{Convert.ToHexStringLower(value.Content.ToArray())}\", \"executable\": {(value.IsExecutable ? "true" : "false")}}}}}"
            : "{}";
        return ChildMetadata.Parse(own).With("mtime", value.MtimeNs / NanosecondsPerSecond);
    }

    /// <summary>The content id that was written with a file; null if there is none.</summary>
    internal static BlobId? ContentOf(ChildMetadata metadata)
    {
        using var json = JsonDocument.Parse(metadata.Json);
        if (!json.RootElement.TryGetProperty(Ours, out var own) || own.ValueKind != JsonValueKind.Object
            || !own.TryGetProperty(ContentMember, out var content) || content.ValueKind != JsonValueKind.String)
            return null;
        byte[] id = new byte[BlobId.Length];
        return Convert.FromHexString(content.GetString()!, id, out _, out int written) == System.Buffers.OperationStatus.Done && written == id.Length ? new BlobId(id) : null;
    }
}
