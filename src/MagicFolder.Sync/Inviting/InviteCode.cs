using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using MagicFolder.Model;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Sync.Inviting;

/// <summary>
/// What the admin hands to one invitee (docs/formats/invite.md). Whoever has it first can join, so it is a secret. It is the one exception to the rule that nobody holds
/// another's write cap: that of an object made for this one answer. Immutable; equal when its bytes are.
/// </summary>
public sealed class InviteCode : IEquatable<InviteCode>
{
    public const int Version = 1;

    /// <summary>Bytes of the longest petname in an invite, as UTF-8; a longer name of a folder is cut.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Bytes of <see cref="Id"/>.</summary>
    public const int IdLength = 16;

    private const string What = "invite code";
    private const int GridLength = 8;

    private readonly byte[] _bytes;

    internal InviteCode(
        FolderId folder, string folderName, string petname, ParticipantRole role, MutableWriteCap answer, MutableReadCap reply, ImmutableArray<byte> grid, DateTimeOffset expires)
    {
        ArgumentException.ThrowIfNullOrEmpty(folderName);
        ArgumentException.ThrowIfNullOrEmpty(petname);
        if (Encoding.UTF8.GetByteCount(petname) > MaxNameLength || Encoding.UTF8.GetByteCount(folderName) > MaxNameLength || (folderName + petname).Any(char.IsControl))
            throw new ArgumentException("A name in an invite is short and has no control characters.", nameof(petname));
        if (role is not (ParticipantRole.ReadWrite or ParticipantRole.ReadOnly)) throw new ArgumentOutOfRangeException(nameof(role));
        ArgumentOutOfRangeException.ThrowIfNotEqual(grid.Length, GridLength, nameof(grid));
        (Folder, FolderName, Petname, Role, Answer, Reply, Grid, Expires) = (folder, folderName, petname, role, answer, reply, grid, expires);
        _bytes = Encode();
        Id = [.. SHA256.HashData([.. "magic-folder-invite-v1\n"u8, .. _bytes]).AsSpan(0, IdLength)];
    }

    public FolderId Folder { get; }

    /// <summary>For people; may be cut.</summary>
    public string FolderName { get; }

    /// <summary>How the invitee will be called.</summary>
    public string Petname { get; }

    public ParticipantRole Role { get; }

    /// <summary>By the admin's clock, which decides.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>16 bytes that follow from all the rest; no secret.</summary>
    public ImmutableArray<byte> Id { get; }

    /// <summary>Where the invitee writes.</summary>
    internal MutableWriteCap Answer { get; }

    /// <summary>Where the admin writes.</summary>
    internal MutableReadCap Reply { get; }

    internal ImmutableArray<byte> Grid { get; }

    /// <summary>Reads <see cref="Reveal"/>, in upper or lower case, with any white space in it.</summary>
    /// <exception cref="RefusedException">It is none, or incomplete, or mistyped, or of a newer version.</exception>
    public static InviteCode Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return Decode(InviteCodeText.Decode(text));
        }
        catch (DamagedBytesException e) when (e.Reason == DamageReason.NewerFormat)
        {
            throw InviteCodeText.Newer();
        }
        catch (DamagedBytesException)
        {
            throw InviteCodeText.Mistyped();
        }
    }

    /// <summary>The code as text, with all that it lets its holder do. Only for handing over.</summary>
    public string Reveal() => InviteCodeText.Encode(_bytes);

    /// <summary>The invitee has to use the grid on which the folder is.</summary>
    /// <param name="gridIdentity">The bytes that the admin gave for its grid.</param>
    /// <exception cref="RefusedException">It is another.</exception>
    public void RequireGrid(ReadOnlySpan<byte> gridIdentity)
    {
        if (!FingerprintOf(gridIdentity).AsSpan().SequenceEqual(Grid.AsSpan()))
            throw new RefusedException($"This code is for {FolderName} on another grid than the one given here; name the grid that the admin of {FolderName} uses.");
    }

    /// <summary>What a code says of a grid.</summary>
    internal static ImmutableArray<byte> FingerprintOf(ReadOnlySpan<byte> gridIdentity) =>
        [.. SHA256.HashData([.. "magic-folder-grid-v1\n"u8, .. gridIdentity]).AsSpan(0, GridLength)];

    /// <summary>At most <see cref="MaxNameLength"/> bytes of a name.</summary>
    internal static string Cut(string name)
    {
        int bytes = 0, end = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxNameLength) break;
            end += rune.Utf16SequenceLength;
        }
        return name[..end];
    }

    private byte[] Encode()
    {
        var writer = CanonicalCbor.NewWriter();
        writer.WriteStartArray(11);
        writer.WriteInt32(Version);
        writer.WriteByteString(Folder.ToArray());
        writer.WriteTextString(FolderName);
        writer.WriteTextString(Petname);
        writer.WriteInt32((int)Role);
        writer.WriteByteString(Answer.WriteKey.ToArray());
        writer.WriteByteString(Answer.Fingerprint.ToArray());
        writer.WriteByteString(Reply.ReadKey.ToArray());
        writer.WriteByteString(Reply.Fingerprint.ToArray());
        writer.WriteByteString(Grid.AsSpan());
        writer.WriteInt64(Expires.ToUnixTimeSeconds());
        writer.WriteEndArray();
        return writer.Encode();
    }

    private static InviteCode Decode(ReadOnlyMemory<byte> bytes) => CanonicalCbor.Decode(bytes, What, reader =>
    {
        reader.ReadVersionedArray(What, Version, 11);
        var folder = FolderId.FromBytes(reader.ReadExactBytes(What, FolderId.Length));
        string folderName = reader.ReadText(What, MaxNameLength);
        string petname = reader.ReadText(What, MaxNameLength);
        var role = (ParticipantRole)reader.ReadNumber(What, int.MaxValue);
        var answer = new MutableWriteCap(MutableFormat.Sdmf, WriteKey.From(reader.ReadExactBytes(What, WriteKey.Length)), ReadDigest(reader));
        var reply = new MutableReadCap(MutableFormat.Sdmf, ReadKey.From(reader.ReadExactBytes(What, ReadKey.Length)), ReadDigest(reader));
        byte[] grid = reader.ReadExactBytes(What, GridLength);
        long expires = reader.ReadNumber(What, DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        reader.ReadEndArray();
        return new InviteCode(folder, folderName, petname, role, answer, reply, [.. grid], DateTimeOffset.FromUnixTimeSeconds(expires));
    });

    private static Digest ReadDigest(CborReader reader) => Digest.From(reader.ReadExactBytes(What, Digest.Length));

    public bool Equals(InviteCode? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as InviteCode);

    public override int GetHashCode() => Folder.GetHashCode() ^ StringComparer.Ordinal.GetHashCode(Petname);

    /// <summary>Redacted.</summary>
    public override string ToString() => $"invite of {Petname} to {FolderName}";
}
