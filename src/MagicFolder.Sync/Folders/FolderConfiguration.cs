using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MagicFolder.FileSystem.Marking;
using MagicFolder.Model;
using MagicFolder.Sync.Membership;
using MagicFolder.Tahoe;

namespace MagicFolder.Sync.Folders;

/// <summary>
/// One folder as this computer holds it: who takes part here, and with which keys. It is a secret; the file is 0600.
/// </summary>
/// <remarks><c>Grid</c> is the path of a grid directory or of a grid file.</remarks>
public sealed record FolderConfiguration(
    FolderId Folder,
    string Name,
    string Grid,
    ImmutableArray<byte> LeaseSecret,
    CollectiveAccess Collective,
    ImmutableArray<LocalParticipant> Participants)
{
    public const int Version = 1;
    public const string FileName = "folder.json";

    /// <summary>
    /// On the admin's computer the key of the Collective, PKCS#8 DER, a secret: with it a Collective can be written again that the storage has lost, for which the write cap alone is not enough. Empty on others, and where the
    /// folder was made before it was kept.
    /// </summary>
    public ImmutableArray<byte> CollectiveKey { get; init; } = [];

    /// <exception cref="DamagedBytesException">Not such a file, or of a newer format.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FolderConfiguration Load(string stateDirectory)
    {
        string file = Path.Combine(stateDirectory, FileName);
        return Parse(File.ReadAllBytes(file), file);
    }

    public void Save(string stateDirectory) => PrivateFile.Write(Path.Combine(stateDirectory, FileName), ToBytes());

    /// <param name="bytes">The content of the file.</param>
    /// <param name="file">Its name, for messages.</param>
    internal static FolderConfiguration Parse(ReadOnlySpan<byte> bytes, string file)
    {
        try
        {
            var stored = JsonSerializer.Deserialize(bytes, StoredContext.Default.Stored) ?? throw Damaged(file);
            if (stored.Format > Version) throw new DamagedBytesException(DamageReason.NewerFormat, $"{file} was written by a newer version of this program; update the program.");
            if (stored.Format < 1 || stored.Name is null || stored.Grid is null || stored.Participants.Any(p => p?.Name is null || p.Path is null)) throw Damaged(file);
            return new FolderConfiguration(
                FolderId.FromBytes(Convert.FromHexString(stored.Folder)), stored.Name, stored.Grid,
                [.. Convert.FromBase64String(stored.LeaseSecret)], CollectiveAccess.Parse(stored.Collective),
                [.. stored.Participants.Select(p => new LocalParticipant(p.Name, p.Path, [.. Convert.FromBase64String(p.PersonalKey)]))])
            {
                CollectiveKey = stored.CollectiveKey is { } key ? [.. Convert.FromBase64String(key)] : [],
            };
        }
        // The message of the parser may quote a key.
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or DamagedShareException)
        {
            throw Damaged(file);
        }
    }

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(
        new Stored(
            Version, Folder.ToString(), Name, Grid, Convert.ToBase64String(LeaseSecret.AsSpan()), Collective.ToUriString(),
            [.. Participants.Select(p => new StoredParticipant(p.Name, p.Path, Convert.ToBase64String(p.PersonalKey.AsSpan())))],
            CollectiveKey.IsEmpty ? null : Convert.ToBase64String(CollectiveKey.AsSpan())),
        StoredContext.Default.Stored);

    /// <summary>Where the state database of a participant is.</summary>
    public static string DatabaseFile(string stateDirectory, string participant) =>
        Path.Combine(stateDirectory, "participants", Uri.EscapeDataString(participant) + ".db");

    /// <summary>Redacted.</summary>
    public override string ToString() => $"folder {Name} ({Participants.Length} participants here)";

    private static DamagedBytesException Damaged(string file) =>
        new(DamageReason.Malformed, $"{file} is damaged; restore it from a backup, or remove the state directory to start anew.");

    internal sealed record Stored(
        int Format, string Folder, string Name, string Grid, string LeaseSecret, string Collective, StoredParticipant[] Participants,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CollectiveKey = null);

    internal sealed record StoredParticipant(string Name, string Path, string PersonalKey);
}

/// <summary>A participant whose directory is on this computer. <paramref name="PersonalKey"/> is PKCS#8 DER, a secret.</summary>
public sealed record LocalParticipant(string Name, string Path, ImmutableArray<byte> PersonalKey)
{
    /// <summary>Redacted.</summary>
    public override string ToString() => $"{Name} at {Path}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(FolderConfiguration.Stored))]
internal sealed partial class StoredContext : JsonSerializerContext;
