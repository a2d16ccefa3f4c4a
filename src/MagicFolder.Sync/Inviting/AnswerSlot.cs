using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Snapshots.Framing;

namespace MagicFolder.Sync.Inviting;

/// <summary>
/// The content of the answer object: nothing, or the sealed answer of whoever was first, or that the admin closed it. Whoever has the code can write it (docs/formats/invite.md,
/// section 2).
/// </summary>
/// <param name="Answer">Sealed; empty when there is none.</param>
/// <param name="Closed">Why nobody can answer any more.</param>
internal sealed record AnswerSlot(ImmutableArray<byte> Answer, InviteRefusal? Closed)
{
    private const string What = "answer object";
    private const int Version = 1;

    /// <summary>Bytes of the longest sealed answer.</summary>
    private const int MaxAnswerLength = 4096;

    internal bool IsEmpty => Answer.IsEmpty && Closed is null;

    internal static AnswerSlot Answered(byte[] answer) => new([.. answer], null);

    internal static AnswerSlot ClosedFor(InviteRefusal reason) => new([], reason);

    internal byte[] Encode()
    {
        var writer = CanonicalCbor.NewWriter();
        writer.WriteStartArray(3);
        writer.WriteInt32(Version);
        writer.WriteInt32((int)(Closed ?? 0));
        writer.WriteByteString(Answer.AsSpan());
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="DamagedBytesException">Not such a content.</exception>
    internal static AnswerSlot Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) return new AnswerSlot([], null);
        return CanonicalCbor.Decode(bytes, What, reader =>
        {
            reader.ReadVersionedArray(What, Version, 3);
            int closed = (int)reader.ReadNumber(What, byte.MaxValue);
            byte[] answer = reader.ReadBytes(What, MaxAnswerLength);
            reader.ReadEndArray();
            if (closed == 0 == (answer.Length == 0)) throw CanonicalCbor.Malformed(What);
            return new AnswerSlot([.. answer], closed == 0 ? null : (InviteRefusal)closed);
        });
    }

    /// <summary>Redacted.</summary>
    public override string ToString() => Closed?.ToString() ?? (IsEmpty ? "no answer" : "an answer");
}
