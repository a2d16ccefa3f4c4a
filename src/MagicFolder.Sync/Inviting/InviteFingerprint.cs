using System.Security.Cryptography;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Inviting;

/// <summary>A short text over invite and answer. When both sides show the same, nobody else answered (docs/formats/invite.md, section 4).</summary>
internal static class InviteFingerprint
{
    private const int Length = 10;
    private const int GroupLength = 4;

    /// <summary>Four groups of four letters or digits, 80 bits.</summary>
    internal static string Of(ReadOnlySpan<byte> invite, ReadOnlySpan<byte> answer)
    {
        byte[] hash = SHA256.HashData([.. "magic-folder-invite-fingerprint-v1\n"u8, .. invite, .. SHA256.HashData(answer)]);
        return string.Join('-', Base32.Encode(hash.AsSpan(0, Length)).Chunk(GroupLength).Select(group => new string(group)));
    }
}
