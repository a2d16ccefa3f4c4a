using System.Buffers.Binary;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>
/// Shares of an immutable file of which k are needed, as damaged or hostile servers give them. In front stands which file it is: k, n, segment size, size (1 byte each); before each
/// share its number (1 byte) and length (2 bytes). The cap is the right one, so that nothing but the file or a refusal may come out.
/// </summary>
internal sealed class ChkSpreadTarget : FuzzTarget
{
    private const int HeadLength = 4;

    private static readonly AesKey Key = AesKey.From(new byte[16]);

    public override string Name => "chk-spread";

    public override byte[] Generate(Random random)
    {
        int n = random.Next(2, 6);
        byte[] head = [(byte)random.Next(1, n + 1), (byte)n, (byte)random.Next(1, 60), (byte)random.Next(1, 120)];
        var (_, _, shares) = Encode(head);
        var input = new List<byte>(head);
        foreach (int number in Enumerable.Range(0, n).OrderBy(_ => random.Next()).Take(random.Next(head[0], n + 1)))
        {
            input.Add((byte)number);
            input.AddRange([(byte)(shares[number].Length >> 8), (byte)shares[number].Length]);
            input.AddRange(shares[number]);
        }
        return [.. input];
    }

    /// <summary>Puts the right file in front and the lengths right, as far as shares are there.</summary>
    public override byte[] Repair(byte[] input, Random random)
    {
        if (input.Length < HeadLength) return input;
        byte[] repaired = [.. input];
        int length = Encode(repaired).Shares[0].Length;
        for (int at = HeadLength; at + 3 <= repaired.Length; at += 3 + length) BinaryPrimitives.WriteUInt16BigEndian(repaired.AsSpan(at + 1), (ushort)Math.Min(length, repaired.Length - at - 3));
        return repaired;
    }

    public override string Run(byte[] input)
    {
        if (input.Length < HeadLength) return "no file";
        var (cap, plain, shares) = Encode(input);
        var given = new List<NumberedShare>();
        for (int at = HeadLength; at + 3 <= input.Length && given.Count < 12;)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(at + 1)), input.Length - at - 3);
            given.Add(new NumberedShare((sbyte)input[at], new MemoryShareSource(input.AsMemory(at + 3, length))));
            at += 3 + length;
        }
        if (given.Count == 0) return "no share";
        var decoder = Wait(ChkDecoder.OpenAsync(cap, given, CancellationToken.None).AsTask());
        var read = new byte[plain.Length];
        Wait(decoder.ReadAsync(0, read, CancellationToken.None).AsTask());
        PromiseSame(plain, read);
        int sound = given.Count(share => IsSound(cap, share));
        Promise(decoder.Troubles.All(trouble => !IsSound(cap, trouble.Share)), "a sound share is called damaged");
        var made = Array.ConvertAll(shares, _ => new MemoryStream());
        Wait(Wait(ChkRepairer.OpenAsync(cap.ToVerifyCap(), given, CancellationToken.None).AsTask()).WriteAsync(made, CancellationToken.None));
        for (int i = 0; i < made.Length; i++) PromiseSame(shares[i], made[i].ToArray());
        return $"{cap.K} of {cap.N}, {sound} of {given.Count} sound, {decoder.Troubles.Count} named";
    }

    public override bool IsRefusal(Exception e) => e is DamagedShareException;

    /// <summary>Encoding takes its part.</summary>
    public override long AllocationLimit(int length) => (2 << 20) + (160L * length);

    private static bool IsSound(ChkCap cap, NumberedShare share)
    {
        try
        {
            Wait(ChkShareVerifier.VerifyAsync(cap.ToVerifyCap(), share, CancellationToken.None));
            return true;
        }
        catch (DamagedShareException)
        {
            return false;
        }
    }

    private static (ChkCap Cap, byte[] Plain, byte[][] Shares) Encode(byte[] head)
    {
        int n = 1 + ((head[1] - 1) & 7);
        int k = 1 + ((head[0] - 1) & 7) % n;
        var plain = new byte[Math.Max(1, (int)head[3])];
        new Random(head[3]).NextBytes(plain);
        var shares = Enumerable.Range(0, n).Select(_ => new MemoryStream()).ToArray();
        var encoder = new ChkEncoder(Key, plain.Length, new ChkParameters(k, n, Math.Max(plain.Length / 8 + 1, (int)head[2])));
        var cap = Wait(encoder.EncodeAsync(new MemoryStream(plain), shares, CancellationToken.None));
        return (cap, plain, Array.ConvertAll(shares, share => share.ToArray()));
    }

    private static T Wait<T>(Task<T> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("Nothing here waits.");

    private static void Wait(Task task)
    {
        if (!task.IsCompleted) throw new InvalidOperationException("Nothing here waits.");
        task.GetAwaiter().GetResult();
    }
}
