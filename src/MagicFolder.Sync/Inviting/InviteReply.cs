using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Security.Cryptography;
using MagicFolder.Model;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Inviting;

/// <summary>How the admin lists the new participant, and where the list is. Holds a secret.</summary>
internal sealed record InviteMembership(FolderId Folder, MutableReadCap Collective, string Petname, ParticipantRole Role)
{
    /// <summary>Redacted.</summary>
    public override string ToString() => $"{Petname} in {Folder}";
}

/// <summary>
/// What the admin says to an answer: one of the two is not null. Sealed to the invitee's key and bound to the very answer (docs/formats/invite.md, section 3).
/// </summary>
internal sealed record InviteReply(InviteMembership? Membership, InviteRefusal? Refusal)
{
    private const string What = "reply to the invite";
    private const int Version = 1;

    internal byte[] Seal(ImmutableArray<byte> invite, ReadOnlySpan<byte> answer, ReadOnlySpan<byte> replyKey, ReadOnlySpan<byte> ephemeral) =>
        Hpke.Seal(replyKey, InfoOf(invite, answer), Encode(), ephemeral);

    /// <exception cref="DamagedBytesException">It is a reply to another answer, or malformed.</exception>
    internal static InviteReply Open(ImmutableArray<byte> invite, ReadOnlySpan<byte> answer, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message) =>
        Decode(Hpke.Open(privateKey, InfoOf(invite, answer), message));

    private static byte[] InfoOf(ImmutableArray<byte> invite, ReadOnlySpan<byte> answer) => [.. "magic-folder-invite-reply-v1\n"u8, .. invite, .. SHA256.HashData(answer)];

    internal byte[] Encode()
    {
        var writer = CanonicalCbor.NewWriter();
        writer.WriteStartArray(3);
        writer.WriteInt32(Version);
        writer.WriteInt32((int)(Refusal ?? 0));
        if (Membership is null) writer.WriteNull();
        else
        {
            writer.WriteStartArray(4);
            writer.WriteByteString(Membership.Folder.ToArray());
            writer.WriteTextString(Membership.Collective.ToUriString());
            writer.WriteTextString(Membership.Petname);
            writer.WriteInt32((int)Membership.Role);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        return writer.Encode();
    }

    internal static InviteReply Decode(byte[] bytes) => CanonicalCbor.Decode(bytes, What, reader =>
    {
        reader.ReadVersionedArray(What, Version, 3);
        int refusal = (int)reader.ReadNumber(What, byte.MaxValue);
        var membership = reader.TryReadNull() ? null : ReadMembership(reader);
        reader.ReadEndArray();
        if (refusal == 0 == membership is null) throw CanonicalCbor.Malformed(What);
        return new InviteReply(membership, refusal == 0 ? null : (InviteRefusal)refusal);
    });

    private static InviteMembership ReadMembership(CborReader reader)
    {
        reader.ReadArrayOf(What, 4);
        var folder = FolderId.FromBytes(reader.ReadExactBytes(What, FolderId.Length));
        string text = reader.ReadText(What, 512);
        if (!Cap.TryParse(text, out var cap) || cap is not MutableReadCap collective || collective.ToUriString() != text) throw CanonicalCbor.Malformed(What);
        string petname = reader.ReadText(What, Participant.MaxPetnameLength);
        var role = (ParticipantRole)reader.ReadNumber(What, byte.MaxValue);
        reader.ReadEndArray();
        return new InviteMembership(folder, collective, petname, role);
    }

    /// <summary>Redacted.</summary>
    public override string ToString() => Refusal?.ToString() ?? What;
}
