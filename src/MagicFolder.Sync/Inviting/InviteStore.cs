using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MagicFolder.Model;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Sync.Inviting;

/// <summary>The invites of a folder: <c>invites/ID.json</c> in its state directory, 0600, each replaced as a whole (docs/formats/invite.md, section 5).</summary>
internal sealed class InviteStore(string stateDirectory)
{
    private const int Version = 1;
    private const int MostTries = 50;
    private const string Extension = ".json";
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private string DirectoryPath => Path.Combine(stateDirectory, "invites");

    /// <summary>Oldest first.</summary>
    /// <exception cref="DamagedBytesException">One of them is damaged or of a newer format.</exception>
    internal ImmutableArray<PendingInvite> ReadAll()
    {
        if (!Directory.Exists(DirectoryPath)) return [];
        return [.. Directory.EnumerateFiles(DirectoryPath, "*" + Extension).Select(Read).OrderBy(invite => invite.Created).ThenBy(invite => invite.Id, StringComparer.Ordinal)];
    }

    internal void Write(PendingInvite invite)
    {
        PrivateFile.CreateDirectory(DirectoryPath);
        PrivateFile.Write(FileOf(invite.Id), Encode(invite));
    }

    internal void Remove(PendingInvite invite) => File.Delete(FileOf(invite.Id));

    /// <summary>Only one process works with what is under way.</summary>
    /// <exception cref="RefusedException">Another does, and does not end.</exception>
    internal async Task<IDisposable> HoldAsync(TimeProvider time, CancellationToken cancel)
    {
        PrivateFile.CreateDirectory(DirectoryPath);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(Path.Combine(DirectoryPath, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < MostTries)
            {
                await Task.Delay(BetweenTries, time, cancel);
            }
            catch (IOException)
            {
                throw new RefusedException("Another process is at work with the invites of this folder; try again in a moment.");
            }
        }
    }

    private string FileOf(string id) => Path.Combine(DirectoryPath, id + Extension);

    private static byte[] Encode(PendingInvite invite)
    {
        var secrets = invite.Secrets;
        return JsonSerializer.SerializeToUtf8Bytes(
            new Stored(
                Version, invite.Id, invite.Petname, (int)invite.Role, Text(invite.Created), Text(invite.Expires), (int)invite.State, (int?)invite.Refusal, invite.Fingerprint,
                secrets?.Code.Reveal(), Base64(secrets?.AnswerKey), Base64(secrets?.ReplyKey), Base64(secrets?.SealKey), Base64(secrets?.Answer)),
            InviteStoreContext.Default.Stored);
    }

    private static PendingInvite Read(string file)
    {
        try
        {
            return Decode(File.ReadAllBytes(file), file);
        }
        // The message of a parser may quote a secret.
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or RefusedException or NotSupportedException)
        {
            throw Damaged(file);
        }
    }

    private static PendingInvite Decode(byte[] bytes, string file)
    {
        var stored = JsonSerializer.Deserialize(bytes, InviteStoreContext.Default.Stored) ?? throw Damaged(file);
        if (stored.Format > Version) throw new DamagedBytesException(DamageReason.NewerFormat, $"{file} was written by a newer version of this program; update the program.");
        var state = (InviteState)stored.State;
        if (stored.Format < 1 || stored.Id + Extension != Path.GetFileName(file) || stored.Petname is null || !Enum.IsDefined(state) || !Enum.IsDefined((ParticipantRole)stored.Role)) throw Damaged(file);
        return new PendingInvite
        {
            Id = stored.Id,
            Petname = stored.Petname,
            Role = (ParticipantRole)stored.Role,
            Created = Time(stored.Created),
            Expires = Time(stored.Expires),
            State = state,
            Refusal = (InviteRefusal?)stored.Refusal,
            Fingerprint = stored.Fingerprint,
            Secrets = stored.Code is null
                ? null
                : new InviteSecrets(InviteCode.Parse(stored.Code), Bytes(stored.AnswerKey), Bytes(stored.ReplyKey), Bytes(stored.SealKey), Bytes(stored.Answer)),
        };
    }

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);

    private static string? Base64(ImmutableArray<byte>? bytes) => bytes is { } some ? Convert.ToBase64String(some.AsSpan()) : null;

    private static ImmutableArray<byte> Bytes(string? text) => [.. Convert.FromBase64String(text ?? throw new FormatException())];

    private static DamagedBytesException Damaged(string file) => new(DamageReason.Malformed, $"{file} is damaged; remove it, and invite again.");

    internal sealed record Stored(
        int Format, string Id, string Petname, int Role, string Created, string Expires, int State, int? Refusal, string? Fingerprint,
        string? Code, string? AnswerKey, string? ReplyKey, string? SealKey, string? Answer);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(InviteStore.Stored))]
internal sealed partial class InviteStoreContext : JsonSerializerContext;
