using System.Collections.Immutable;
using System.Formats.Cbor;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Framing;

namespace MagicFolder.Snapshots.Heads;

/// <summary>
/// The content of a Personal: which snapshot is its participant's newest, where it lies, and the history (docs/formats/head.md). Immutable. Equality is
/// that of the encoded bytes.
/// </summary>
/// <remarks>Decoding checks the form only. The caller checks the actor's proof and the statement's signature against the Personal that it was read from.</remarks>
public sealed record Head
{
    public const int Version = 1;

    /// <summary>Snapshots of the longest history in a head.</summary>
    public const int MaxRetained = HistoryRetention.Most;

    /// <summary>Bytes of the longest signature accepted.</summary>
    public const int MaxSignatureLength = 1024;

    private const string What = "head";
    private const int NonceLength = 16;
    private const int FingerprintLength = 32;

    /// <exception cref="ArgumentException">A length or number is out of range, or a snapshot is there twice.</exception>
    public Head(
        FolderId folder,
        ActorId actor,
        ImmutableArray<byte> nonce,
        ImmutableArray<byte> fingerprint,
        long seq,
        BlobId snapshot,
        ImmutableArray<byte> signature,
        BlobLocation location,
        ImmutableArray<RetainedSnapshot> retained)
    {
        if (nonce.Length != NonceLength) throw new ArgumentException("A nonce has 16 bytes.", nameof(nonce));
        if (fingerprint.Length != FingerprintLength) throw new ArgumentException("A fingerprint has 32 bytes.", nameof(fingerprint));
        if (signature.IsDefaultOrEmpty || signature.Length > MaxSignatureLength) throw new ArgumentException("No signature, or one that is too long.", nameof(signature));
        ArgumentOutOfRangeException.ThrowIfLessThan(seq, 1);
        if (retained.IsDefault || retained.Length > MaxRetained) throw new ArgumentException("The history is too long.", nameof(retained));
        if (retained.DistinctBy(kept => kept.Id).Count() != retained.Length) throw new ArgumentException("The history has one snapshot twice.", nameof(retained));
        (Folder, Actor, Nonce, Fingerprint, Seq, Snapshot, Signature, Location, Retained) =
            (folder, actor, nonce, fingerprint, seq, snapshot, signature, location, retained);
    }

    public FolderId Folder { get; }

    public ActorId Actor { get; }

    /// <summary>With <see cref="Fingerprint"/> the proof that the actor belongs to the Personal (<see cref="ActorId.Derive"/>).</summary>
    public ImmutableArray<byte> Nonce { get; }

    public ImmutableArray<byte> Fingerprint { get; }

    /// <summary>Number of the newest snapshot, from 1.</summary>
    public long Seq { get; }

    /// <summary>Id of the newest snapshot.</summary>
    public BlobId Snapshot { get; }

    /// <summary>Of the statement (folder, actor, seq, snapshot id), by the Personal's key.</summary>
    public ImmutableArray<byte> Signature { get; }

    /// <summary>Where the newest snapshot lies.</summary>
    public BlobLocation Location { get; }

    /// <summary>The snapshots that are kept, in the order in which the maker wrote them.</summary>
    public ImmutableArray<RetainedSnapshot> Retained { get; }

    /// <summary>What others note when they have seen this head.</summary>
    public Observation ToObservation() => new(Actor, Seq, Snapshot, Nonce, Fingerprint, Signature);

    /// <summary>The same snapshots at other places; what is signed stays as it is.</summary>
    public Head MovedTo(Func<BlobId, BlobLocation> locationOf)
    {
        ArgumentNullException.ThrowIfNull(locationOf);
        return new Head(
            Folder, Actor, Nonce, Fingerprint, Seq, Snapshot, Signature, locationOf(Snapshot), [.. Retained.Select(kept => kept with { Location = locationOf(kept.Id) })]);
    }

    /// <summary>The same newest snapshot with a history of which something has gone. What is signed stays as it is.</summary>
    public Head WithoutRetained(Predicate<RetainedSnapshot> gone) => new(Folder, Actor, Nonce, Fingerprint, Seq, Snapshot, Signature, Location, Retained.RemoveAll(gone));

    public byte[] Encode()
    {
        var packs = new PackTable();
        packs.NumberOf(Location.Pack);
        foreach (var kept in Retained) packs.NumberOf(kept.Location.Pack);
        var writer = CanonicalCbor.NewWriter();
        writer.WriteStartArray(11);
        writer.WriteInt32(Version);
        writer.WriteByteString(Folder.ToArray());
        writer.WriteByteString(Actor.ToArray());
        writer.WriteByteString(Nonce.AsSpan());
        writer.WriteByteString(Fingerprint.AsSpan());
        writer.WriteInt64(Seq);
        writer.WriteBlobId(Snapshot);
        writer.WriteByteString(Signature.AsSpan());
        packs.Write(writer);
        writer.WriteStartArray(5);
        packs.WriteLocation(writer, Location);
        writer.WriteEndArray();
        writer.WriteStartArray(Retained.Length);
        foreach (var kept in Retained) Write(writer, kept, packs);
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="DamagedBytesException">Not a head, or one of a newer format.</exception>
    public static Head Decode(ReadOnlyMemory<byte> bytes) => CanonicalCbor.Decode(bytes, What, reader =>
    {
        reader.ReadVersionedArray(What, Version, 11);
        var folder = FolderId.FromBytes(reader.ReadExactBytes(What, FolderId.Length));
        var actor = ActorId.FromBytes(reader.ReadExactBytes(What, ActorId.Length));
        byte[] nonce = reader.ReadExactBytes(What, NonceLength);
        byte[] fingerprint = reader.ReadExactBytes(What, FingerprintLength);
        long seq = reader.ReadNumber(What, long.MaxValue);
        var snapshot = reader.ReadBlobId(What);
        byte[] signature = reader.ReadBytes(What, MaxSignatureLength);
        var packs = PackTable.Read(reader, What, MaxRetained + 1);
        reader.ReadArrayOf(What, 5);
        var location = packs.ReadLocation(reader, What, self: default);
        reader.ReadEndArray();
        int count = reader.ReadCount(What, MaxRetained);
        var retained = ImmutableArray.CreateBuilder<RetainedSnapshot>(count);
        for (int i = 0; i < count; i++) retained.Add(ReadRetained(reader, packs));
        reader.ReadEndArray();
        reader.ReadEndArray();
        packs.EndRead(What);
        return new Head(folder, actor, [.. nonce], [.. fingerprint], seq, snapshot, [.. signature], location, retained.MoveToImmutable());
    });

    public bool Equals(Head? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(Actor, Seq, Snapshot);

    /// <summary>Actor, seq and snapshot: no secret.</summary>
    public override string ToString() => $"head {Actor}-{Seq} {Snapshot}";

    private static void Write(CborWriter writer, RetainedSnapshot kept, PackTable packs)
    {
        writer.WriteStartArray(9);
        writer.WriteBlobId(kept.Id);
        writer.WriteInt64(kept.Seq);
        writer.WriteInt64(kept.TimeMs);
        writer.WriteBlobId(kept.Root);
        packs.WriteLocation(writer, kept.Location);
        writer.WriteEndArray();
    }

    private static RetainedSnapshot ReadRetained(CborReader reader, PackTable packs)
    {
        reader.ReadArrayOf(What, 9);
        var id = reader.ReadBlobId(What);
        long seq = reader.ReadNumber(What, long.MaxValue);
        long timeMs = reader.ReadInt64();
        var root = reader.ReadBlobId(What);
        var location = packs.ReadLocation(reader, What, self: default);
        reader.ReadEndArray();
        return seq >= 1 ? new RetainedSnapshot(id, seq, timeMs, root, location) : throw CanonicalCbor.Malformed(What);
    }
}
