using System.Text.Json;
using System.Text.Json.Serialization;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.History;

namespace MagicFolder.Sync.Exporting;

/// <summary>
/// The file <c>metadata</c> beside the contents of a snapshot: who took it, and which version of every other computer had been seen (docs/formats/tahoe-export.md).
/// </summary>
internal static class SnapshotMetadata
{
    private const int Format = 1;

    /// <summary>JSON in UTF-8; the same for the same snapshot.</summary>
    internal static byte[] Encode(LoggedSnapshot logged, string folderName, Func<ActorId, string> petname)
    {
        var snapshot = logged.Snapshot;
        return JsonSerializer.SerializeToUtf8Bytes(
            new Document(
                Format, folderName, logged.Participant, snapshot.Actor.ToString(), snapshot.Seq, UnixTime.ToUtc(snapshot.TimeMs).UtcDateTime,
                logged.Version, snapshot.Parent is { } parent ? Convert.ToHexStringLower(parent.ToArray()) : null,
                [.. snapshot.Observed.All.Select(seen => new Seen(petname(seen.Actor), seen.Actor.ToString(), seen.Seq, Convert.ToHexStringLower(seen.Snapshot.ToArray())))]),
            SnapshotMetadataJson.Default.Document);
    }

    internal sealed record Document(
        int Format, string Folder, string Participant, string Actor, long Seq, DateTime Time, string Snapshot, string? Parent, Seen[] Observed);

    internal sealed record Seen(string Participant, string Actor, long Seq, string Snapshot);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(SnapshotMetadata.Document))]
internal sealed partial class SnapshotMetadataJson : JsonSerializerContext;
