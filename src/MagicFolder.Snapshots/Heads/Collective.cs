using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Text;
using MagicFolder.Model;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Snapshots.Heads;

/// <summary>
/// The content of the folder's Collective: its name, parameters and participants (docs/formats/collective.md). Immutable; holds secrets, which
/// <see cref="ToString"/> does not show. Equality is that of the encoded bytes.
/// </summary>
public sealed record Collective
{
    public const int Version = 1;

    /// <summary>Bytes of the longest name, as UTF-8.</summary>
    public const int MaxNameLength = 256;

    public const int MaxParticipants = 256;

    /// <summary>Bytes of the packs that participants aim at, unless the admin chose otherwise.</summary>
    public const int DefaultPackSize = 16 * 1024 * 1024;

    private const string What = "collective";
    private const int MinPackSize = 4 * 1024;
    private const int MaxPackSize = 1024 * 1024 * 1024;

    /// <exception cref="ArgumentException">A name or number out of range, or a petname or Personal listed twice.</exception>
    public Collective(FolderId folder, string name, ChunkingKey chunkingKey, int packSize, ImmutableArray<Participant> participants)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(chunkingKey);
        if (Encoding.UTF8.GetByteCount(name) > MaxNameLength || name.Any(char.IsControl))
            throw new ArgumentException("A folder's name is short and has no control characters.", nameof(name));
        ArgumentOutOfRangeException.ThrowIfLessThan(packSize, MinPackSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packSize, MaxPackSize);
        if (participants.IsDefault || participants.Length > MaxParticipants) throw new ArgumentException("There are too many participants.", nameof(participants));
        if (participants.DistinctBy(p => p.Petname).Count() != participants.Length || participants.DistinctBy(p => p.Personal).Count() != participants.Length)
            throw new ArgumentException("Two participants have one petname or one Personal.", nameof(participants));
        (Folder, Name, ChunkingKey, PackSize, Participants) = (folder, name, chunkingKey, packSize, participants);
    }

    public FolderId Folder { get; }

    public string Name { get; }

    /// <summary>The secret that chunk boundaries follow from.</summary>
    public ChunkingKey ChunkingKey { get; }

    /// <summary>Bytes of the packs that participants aim at.</summary>
    public int PackSize { get; }

    /// <summary>All there ever were, in the order in which they were added.</summary>
    public ImmutableArray<Participant> Participants { get; }

    /// <summary>The same folder with other participants.</summary>
    public Collective With(ImmutableArray<Participant> participants) => new(Folder, Name, ChunkingKey, PackSize, participants);

    public byte[] Encode()
    {
        var writer = CanonicalCbor.NewWriter();
        writer.WriteStartArray(6);
        writer.WriteInt32(Version);
        writer.WriteByteString(Folder.ToArray());
        writer.WriteTextString(Name);
        writer.WriteByteString(ChunkingKey.Reveal());
        writer.WriteInt32(PackSize);
        writer.WriteStartArray(Participants.Length);
        foreach (var participant in Participants)
        {
            writer.WriteStartArray(5);
            writer.WriteTextString(participant.Petname);
            writer.WriteInt32((int)participant.Role);
            writer.WriteTextString(participant.Personal.ToUriString());
            writer.WriteByteString(participant.PublicKey.AsSpan());
            writer.WriteBoolean(participant.IsRemoved);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="DamagedBytesException">Not a collective, or one of a newer format.</exception>
    public static Collective Decode(ReadOnlyMemory<byte> bytes) => CanonicalCbor.Decode(bytes, What, reader =>
    {
        reader.ReadVersionedArray(What, Version, 6);
        var folder = FolderId.FromBytes(reader.ReadExactBytes(What, FolderId.Length));
        string name = reader.ReadText(What, MaxNameLength);
        var key = new ChunkingKey(reader.ReadExactBytes(What, ChunkingKey.Length));
        int packSize = (int)reader.ReadNumber(What, MaxPackSize);
        int count = reader.ReadCount(What, MaxParticipants);
        var participants = ImmutableArray.CreateBuilder<Participant>(count);
        for (int i = 0; i < count; i++) participants.Add(ReadParticipant(reader));
        reader.ReadEndArray();
        reader.ReadEndArray();
        return new Collective(folder, name, key, packSize, participants.MoveToImmutable());
    });

    public bool Equals(Collective? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => Folder.GetHashCode();

    /// <summary>Folder id and name: no secret.</summary>
    public override string ToString() => $"collective of {Name} ({Folder})";

    private static Participant ReadParticipant(CborReader reader)
    {
        reader.ReadArrayOf(What, 5);
        string petname = reader.ReadText(What, Participant.MaxPetnameLength);
        var role = (ParticipantRole)reader.ReadNumber(What, int.MaxValue);
        var personal = ReadPersonal(reader);
        byte[] publicKey = reader.ReadBytes(What, Participant.MaxPublicKeyLength);
        bool isRemoved = reader.ReadBoolean();
        reader.ReadEndArray();
        return new Participant(petname, role, personal, [.. publicKey], isRemoved);
    }

    private static MutableReadCap ReadPersonal(CborReader reader)
    {
        string text = reader.ReadText(What, BlobLimits.MaxCapLength);
        // Only the exact form: so that decoding and encoding again gives the same bytes.
        return Cap.TryParse(text, out var cap) && cap is MutableReadCap personal && personal.ToUriString() == text ? personal : throw CanonicalCbor.Malformed(What);
    }
}
