using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Snapshots.Framing;

namespace MagicFolder.Sync.Inviting;

/// <summary>The content of the reply object, which only the admin writes: the key to which the answer is sealed, and later the sealed reply (docs/formats/invite.md, section 3).</summary>
/// <param name="AdminKey">A public key for this one invite.</param>
/// <param name="Reply">Sealed; empty while there is none.</param>
internal sealed record ReplySlot(ImmutableArray<byte> AdminKey, ImmutableArray<byte> Reply)
{
    private const string What = "reply object";
    private const int Version = 1;
    private const int MaxReplyLength = 4096;

    internal byte[] Encode()
    {
        var writer = CanonicalCbor.NewWriter();
        writer.WriteStartArray(3);
        writer.WriteInt32(Version);
        writer.WriteByteString(AdminKey.AsSpan());
        writer.WriteByteString(Reply.AsSpan());
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="DamagedBytesException">Not such a content.</exception>
    internal static ReplySlot Decode(ReadOnlyMemory<byte> bytes) => CanonicalCbor.Decode(bytes, What, reader =>
    {
        reader.ReadVersionedArray(What, Version, 3);
        byte[] key = reader.ReadExactBytes(What, Hpke.PublicKeyLength);
        byte[] reply = reader.ReadBytes(What, MaxReplyLength);
        reader.ReadEndArray();
        return new ReplySlot([.. key], [.. reply]);
    });

    /// <summary>Redacted.</summary>
    public override string ToString() => Reply.IsEmpty ? "no reply" : "a reply";
}
