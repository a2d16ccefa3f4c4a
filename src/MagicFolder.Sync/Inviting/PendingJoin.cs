using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MagicFolder.Model;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Sync.Inviting;

/// <summary>A folder that this computer is about to join: <c>join.json</c> in the state directory of the folder, 0600 (docs/formats/invite.md, section 5). A secret. Immutable.</summary>
public sealed record PendingJoin
{
    private const int Version = 1;
    private const string FileName = "join.json";

    /// <summary>What was handed to this computer.</summary>
    public required InviteCode Code { get; init; }

    /// <summary>What the folder is called on this computer alone; null for what the code calls it.</summary>
    public string? LocalName { get; init; }

    /// <summary>What the folder is and will be called on this computer. Not what the list of participants calls it: that is known only when it is joined, and may be the name of another folder here.</summary>
    public string Name => LocalName ?? Code.FolderName;

    /// <summary>As in <see cref="FolderConfiguration"/>.</summary>
    public required string Grid { get; init; }

    /// <summary>The directory that will take part.</summary>
    public required string Path { get; init; }

    /// <summary>By which this computer will renew its leases.</summary>
    public ImmutableArray<byte> LeaseSecret { get; internal init; }

    /// <summary>PKCS#8 DER.</summary>
    internal ImmutableArray<byte> PersonalKey { get; init; }

    /// <summary>The private key to which the reply is sealed.</summary>
    internal ImmutableArray<byte> SealKey { get; init; }

    /// <summary>The sealed answer, exactly as it is or will be on the grid; empty before it was made.</summary>
    internal ImmutableArray<byte> Answer { get; init; } = [];

    /// <summary>To be compared with what the admin is shown; null before there is an answer.</summary>
    public string? Fingerprint => Answer.IsEmpty ? null : InviteFingerprint.Of(Code.Id.AsSpan(), Answer.AsSpan());

    /// <summary>Null when nothing is under way there.</summary>
    /// <exception cref="DamagedBytesException">The file is damaged or of a newer format.</exception>
    public static PendingJoin? Find(string stateDirectory)
    {
        string file = FileIn(stateDirectory);
        if (!File.Exists(file)) return null;
        try
        {
            var stored = JsonSerializer.Deserialize(File.ReadAllBytes(file), PendingJoinContext.Default.Stored) ?? throw Damaged(file);
            if (stored.Format > Version) throw new DamagedBytesException(DamageReason.NewerFormat, $"{file} was written by a newer version of this program; update the program.");
            if (stored.Format < 1 || stored.Grid is null || stored.Path is null) throw Damaged(file);
            return new PendingJoin
            {
                Code = InviteCode.Parse(stored.Code),
                LocalName = stored.Name,
                Grid = stored.Grid,
                Path = stored.Path,
                LeaseSecret = Bytes(stored.LeaseSecret),
                PersonalKey = Bytes(stored.PersonalKey),
                SealKey = Bytes(stored.SealKey),
                Answer = Bytes(stored.Answer),
            };
        }
        // The message of a parser may quote a secret.
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or RefusedException or NotSupportedException)
        {
            throw Damaged(file);
        }
    }

    /// <summary>Replaces the file as a whole.</summary>
    public void Save(string stateDirectory) => PrivateFile.Write(FileIn(stateDirectory), JsonSerializer.SerializeToUtf8Bytes(
        new Stored(Version, Code.Reveal(), Grid, Path, Base64(LeaseSecret), Base64(PersonalKey), Base64(SealKey), Base64(Answer), LocalName), PendingJoinContext.Default.Stored));

    /// <summary>Forgets it, keys and all.</summary>
    public static void Remove(string stateDirectory) => File.Delete(FileIn(stateDirectory));

    private static string FileIn(string stateDirectory) => System.IO.Path.Combine(stateDirectory, FileName);

    private static string Base64(ImmutableArray<byte> bytes) => Convert.ToBase64String(bytes.AsSpan());

    private static ImmutableArray<byte> Bytes(string text) => [.. Convert.FromBase64String(text)];

    private static DamagedBytesException Damaged(string file) => new(DamageReason.Malformed, $"{file} is damaged; remove it, and ask the admin of the folder for a new code.");

    /// <summary>Redacted.</summary>
    public override string ToString() => $"{Code.Petname} is about to join {Code.FolderName}";

    internal sealed record Stored(int Format, string Code, string Grid, string Path, string LeaseSecret, string PersonalKey, string SealKey, string Answer, string? Name = null);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(PendingJoin.Stored))]
internal sealed partial class PendingJoinContext : JsonSerializerContext;
