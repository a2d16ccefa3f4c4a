using System.Text;
using MagicFolder.Model;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync;
using MagicFolder.Sync.Inviting;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>Texts that should be invite codes, as people paste them.</summary>
internal sealed class InviteCodeTarget : FuzzTarget
{
    public override string Name => "invite-code";

    public override IReadOnlyList<byte[]> Tokens { get; } = [.. new[] { "magic1-", "magic2-", "magic", "-", " ", "\r\n", "A", "aaaa", "0" }.Select(Some.Utf8)];

    public override byte[] Generate(Random random) => Some.Utf8(new InviteCode(
        new FolderId((UInt128)random.Next()), Some.Name(random), Some.Name(random), (ParticipantRole)random.Next(1, 3),
        new MutableWriteCap(MutableFormat.Sdmf, WriteKey.From(Some.Bytes(random, 16)), Some.Digest(random)), Some.ReadCap(random),
        Some.Frozen(random, 8), DateTimeOffset.FromUnixTimeSeconds(random.Next())).Reveal());

    /// <summary>The checksum of whatever payload there is.</summary>
    public override byte[] Repair(byte[] input, Random random)
    {
        string text = Encoding.Latin1.GetString(input);
        if (text.Length < 20 || !Base32.TryDecode(text.AsSpan(7), out byte[]? bytes) || bytes.Length < 7) return input;
        byte[] payload = bytes[2..^4];
        if (random.Next(2) == 0) payload[random.Next(payload.Length)] ^= (byte)(1 << random.Next(8));
        return Some.Utf8(InviteCodeText.Encode(payload));
    }

    public override string Run(byte[] input)
    {
        var code = InviteCode.Parse(Encoding.Latin1.GetString(input));
        Promise(InviteCode.Parse(code.Reveal()).Equals(code), "read again it is another");
        return $"{code.Role}, {Size(code.Petname.Length)}";
    }

    public override bool IsRefusal(Exception e) => e is RefusedException;
}
