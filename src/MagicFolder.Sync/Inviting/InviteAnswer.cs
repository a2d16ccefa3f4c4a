using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Sync.Inviting;

/// <summary>Who the invitee is: sealed to the admin's key for this invite, signed by the Personal that it names (docs/formats/invite.md, section 2). Holds a secret.</summary>
/// <param name="Personal">Where its head will be read.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo DER of the Personal's key.</param>
/// <param name="ReplyKey">The public key to which the reply is sealed.</param>
internal sealed record InviteAnswer(MutableReadCap Personal, ImmutableArray<byte> PublicKey, ImmutableArray<byte> ReplyKey)
{
    private const string What = "answer to the invite";
    private const int Version = 1;

    /// <summary>Signs and seals it.</summary>
    internal static byte[] Seal(InviteCode code, MutableKeys personal, ReadOnlySpan<byte> replyKey, ReadOnlySpan<byte> adminKey, ReadOnlySpan<byte> ephemeral)
    {
        var answer = new InviteAnswer(personal.ToWriteCap().ToReadCap(), [.. personal.PublicKey.Span], [.. replyKey]);
        byte[] signature = personal.SignStatement(answer.Statement(code.Id));
        return Hpke.Seal(adminKey, InfoOf(code.Id), answer.Encode(signature), ephemeral);
    }

    /// <summary>Opens it and verifies that the Personal signed it for this invite.</summary>
    /// <exception cref="DamagedBytesException">It is not sealed to this key, malformed, not signed by that Personal, or cannot be replied to.</exception>
    internal static InviteAnswer Open(ImmutableArray<byte> invite, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message)
    {
        var (answer, signature) = Decode(Hpke.Open(privateKey, InfoOf(invite), message));
        if (!StatementSignature.FingerprintOf(answer.PublicKey.AsSpan()).Equals(answer.Personal.Fingerprint)
            || !StatementSignature.Verify(answer.PublicKey.AsSpan(), answer.Statement(invite), signature))
            throw new DamagedBytesException(DamageReason.BadSignature, $"The {What} is not signed by the Personal that it names.");
        Hpke.RequirePublicKey(answer.ReplyKey.AsSpan());
        return answer;
    }

    /// <summary>The bytes that the Personal signs.</summary>
    private byte[] Statement(ImmutableArray<byte> invite)
    {
        var writer = CanonicalCbor.NewWriter();
        writer.WriteStartArray(4);
        writer.WriteByteString(invite.AsSpan());
        writer.WriteTextString(Personal.ToUriString());
        writer.WriteByteString(PublicKey.AsSpan());
        writer.WriteByteString(ReplyKey.AsSpan());
        writer.WriteEndArray();
        return [.. "magic-folder-invite-answer-v1\n"u8, .. writer.Encode()];
    }

    private static byte[] InfoOf(ImmutableArray<byte> invite) => [.. "magic-folder-invite-answer-v1\n"u8, .. invite];

    internal byte[] Encode(byte[] signature)
    {
        var writer = CanonicalCbor.NewWriter();
        writer.WriteStartArray(5);
        writer.WriteInt32(Version);
        writer.WriteTextString(Personal.ToUriString());
        writer.WriteByteString(PublicKey.AsSpan());
        writer.WriteByteString(ReplyKey.AsSpan());
        writer.WriteByteString(signature);
        writer.WriteEndArray();
        return writer.Encode();
    }

    internal static (InviteAnswer Answer, byte[] Signature) Decode(byte[] bytes) => CanonicalCbor.Decode(bytes, What, reader =>
    {
        reader.ReadVersionedArray(What, Version, 5);
        string text = reader.ReadText(What, 512);
        if (!Cap.TryParse(text, out var cap) || cap is not MutableReadCap { Format: MutableFormat.Sdmf } personal || personal.ToUriString() != text) throw CanonicalCbor.Malformed(What);
        byte[] publicKey = reader.ReadBytes(What, Participant.MaxPublicKeyLength);
        byte[] replyKey = reader.ReadExactBytes(What, Hpke.PublicKeyLength);
        byte[] signature = reader.ReadExactBytes(What, StatementSignature.Length);
        reader.ReadEndArray();
        return (new InviteAnswer(personal, [.. publicKey], [.. replyKey]), signature);
    });

    /// <summary>Redacted.</summary>
    public override string ToString() => What;
}
