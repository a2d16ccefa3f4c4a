using MagicFolder.Model;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Inviting;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>What the two sides of an invite write to one another, sealed and opened.</summary>
internal sealed class InviteMessageTarget : FuzzTarget
{
    private readonly Func<Random, byte[]> _generate;
    private readonly Func<byte[], (byte[] Again, string Shape)> _read;

    private InviteMessageTarget(string name, Func<Random, byte[]> generate, Func<byte[], (byte[] Again, string Shape)> read) => (Name, _generate, _read) = (name, generate, read);

    public static InviteMessageTarget AnswerObject { get; } = new(
        "invite-answer-object",
        random => (random.Next(2) == 0 ? AnswerSlot.Answered(Some.Bytes(random, random.Next(1, 900))) : AnswerSlot.ClosedFor((InviteRefusal)random.Next(1, 7))).Encode(),
        input => AnswerSlot.Decode(input) is { IsEmpty: false } slot ? (slot.Encode(), slot.Closed is null ? "answered" : "closed") : ([], "empty"));

    public static InviteMessageTarget ReplyObject { get; } = new(
        "invite-reply-object",
        random => new ReplySlot(Some.Frozen(random, Hpke.PublicKeyLength), Some.Frozen(random, random.Next(400))).Encode(),
        input => (ReplySlot.Decode(input).Encode(), $"{ReplySlot.Decode(input)}"));

    public static InviteMessageTarget Answer { get; } = new(
        "invite-answer",
        random => new InviteAnswer(Some.ReadCap(random), Some.Frozen(random, random.Next(1, 300)), Some.Frozen(random, Hpke.PublicKeyLength)).Encode(Some.Bytes(random, StatementSignature.Length)),
        input =>
        {
            var (answer, signature) = InviteAnswer.Decode(input);
            return (answer.Encode(signature), $"{Size(answer.PublicKey.Length)}");
        });

    public static InviteMessageTarget Reply { get; } = new(
        "invite-reply",
        random => (random.Next(2) == 0
            ? new InviteReply(null, (InviteRefusal)random.Next(1, 7))
            : new InviteReply(new InviteMembership(new FolderId((UInt128)random.Next()), Some.ReadCap(random), Some.Name(random), (ParticipantRole)random.Next(1, 3)), null)).Encode(),
        input => (InviteReply.Decode(input).Encode(), $"{InviteReply.Decode(input).Refusal is null}"));

    public override string Name { get; }

    public override bool IsCbor => true;

    public override byte[] Generate(Random random) => _generate(random);

    public override string Run(byte[] input)
    {
        var (again, shape) = _read(input);
        PromiseSame(input, again);
        return shape;
    }

    public override bool IsRefusal(Exception e) => e is DamagedBytesException;
}
