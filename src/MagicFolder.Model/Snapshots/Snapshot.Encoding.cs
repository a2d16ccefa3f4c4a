using System.Collections.Immutable;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Cbor;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Snapshots;

public sealed partial record Snapshot
{
    /// <summary>Bytes of the largest snapshot accepted.</summary>
    public const int MaxEncodedLength = 2 << 20;

    /// <summary>So many actors can be observed.</summary>
    public const int MaxObserved = 4096;

    private const int FormatVersion = 1;
    private const int NonceLength = 16;
    private const int FingerprintLength = 32;
    private const int MaxSignatureLength = 1024;

    /// <summary>The SHA-256 of the canonical bytes; computed at each call.</summary>
    public BlobId Id => BlobId.Of(Encode());

    /// <summary>The canonical bytes (docs/formats/snapshot.md).</summary>
    /// <exception cref="InvalidOperationException">It has no canonical bytes: a number or an observation is out of range.</exception>
    public byte[] Encode()
    {
        if (Seq < 1) throw new InvalidOperationException("A snapshot's seq starts from 1.");
        if (Observed.Count > MaxObserved) throw new InvalidOperationException("A snapshot has observed too many actors.");
        var writer = new CanonicalWriter();
        writer.Array(8);
        writer.Number(FormatVersion);
        writer.Bytes(Folder.ToArray());
        writer.Bytes(Root);
        writer.Bytes(Actor);
        writer.Number(Seq);
        writer.Number(TimeMs);
        if (Parent is { } parent) writer.Bytes(parent);
        else writer.Null();
        writer.Array(Observed.Count);
        foreach (var observation in Observed.All) Write(writer, observation);
        return writer.Length <= MaxEncodedLength ? writer.ToArray() : throw new InvalidOperationException("A snapshot is too large.");
    }

    /// <summary>
    /// Checks the form alone. Whether the observed statements verify, and whether the actors belong to their Personals, is for the one who has the keys.
    /// </summary>
    /// <exception cref="DamagedBytesException">Not a snapshot, or one of a newer format.</exception>
    public static Snapshot Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxEncodedLength) throw Damage(DamageReason.TooLarge, "it is longer than 2 MiB");
        var reader = new CanonicalReader(bytes);
        int fields = reader.Array(64);
        // The version decides what follows, so it is read before the shape is judged.
        reader.Version(FormatVersion);
        if (fields != 8) throw Damage(DamageReason.Malformed, "it has the wrong number of fields");
        var folder = FolderId.FromBytes(reader.BytesOf(FolderId.Length));
        var root = reader.Id();
        var actor = reader.Actor();
        long seq = ReadSeq(ref reader);
        long time = reader.Signed();
        BlobId? parent = reader.TryNull() ? null : reader.Id();
        var observed = ReadObserved(ref reader, actor);
        reader.End();
        return new Snapshot(folder, root, actor, seq, time, parent, observed);
    }

    private void Write(CanonicalWriter writer, Observation observation)
    {
        if (observation.Actor == Actor) throw new InvalidOperationException("A snapshot does not observe its own actor.");
        if (observation.Seq < 1 || observation.Nonce.Length != NonceLength || observation.Fingerprint.Length != FingerprintLength
            || observation.Signature.Length is 0 or > MaxSignatureLength) throw new InvalidOperationException("An observation is out of range.");
        writer.Array(6);
        writer.Bytes(observation.Actor);
        writer.Number(observation.Seq);
        writer.Bytes(observation.Snapshot);
        writer.Bytes(observation.Nonce.AsSpan());
        writer.Bytes(observation.Fingerprint.AsSpan());
        writer.Bytes(observation.Signature.AsSpan());
    }

    private static Observed ReadObserved(ref CanonicalReader reader, ActorId self)
    {
        int count = reader.Array(MaxObserved);
        var observed = Observed.None;
        var previous = default(ActorId);
        for (int i = 0; i < count; i++)
        {
            reader.ArrayOf(6);
            var actor = reader.Actor();
            if (i > 0 && actor.CompareTo(previous) <= 0) throw Damage(DamageReason.Malformed, "its observations are not ascending");
            if (actor == self) throw Damage(DamageReason.Malformed, "it observes itself");
            long seq = ReadSeq(ref reader);
            var snapshot = reader.Id();
            ImmutableArray<byte> nonce = [.. reader.BytesOf(NonceLength)];
            ImmutableArray<byte> fingerprint = [.. reader.BytesOf(FingerprintLength)];
            ImmutableArray<byte> signature = [.. reader.Bytes(MaxSignatureLength)];
            if (signature.IsEmpty) throw Damage(DamageReason.Malformed, "an observation has no signature");
            observed = observed.With(new Observation(actor, seq, snapshot, nonce, fingerprint, signature));
            previous = actor;
        }
        return observed;
    }

    private static long ReadSeq(ref CanonicalReader reader)
    {
        long seq = reader.Unsigned(long.MaxValue);
        return seq > 0 ? seq : throw Damage(DamageReason.Malformed, "a seq is 0");
    }

    private static DamagedBytesException Damage(DamageReason reason, string what) => new(reason, $"A snapshot is damaged: {what}.");
}
