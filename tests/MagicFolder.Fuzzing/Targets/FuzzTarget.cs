namespace MagicFolder.Fuzzing.Targets;

/// <summary>A parser that meets bytes from outside.</summary>
internal abstract class FuzzTarget
{
    public abstract string Name { get; }

    /// <summary>Are the inputs CBOR from their first byte on?</summary>
    public virtual bool IsCbor => false;

    /// <summary>Pieces of the format's language.</summary>
    public virtual IReadOnlyList<byte[]> Tokens => [];

    /// <summary>A valid input; all of it follows from <paramref name="random"/>.</summary>
    public abstract byte[] Generate(Random random);

    /// <summary>Makes lengths, hashes and signatures of a mutated input right again, as far as that goes, so that deeper layers are reached.</summary>
    public virtual byte[] Repair(byte[] input, Random random) => input;

    /// <summary>Parses and uses the input.</summary>
    /// <returns>The shape of what was accepted: few words, the same for inputs that take the same ways.</returns>
    public abstract string Run(byte[] input);

    /// <summary>Is this the exception with which the room refuses damaged bytes?</summary>
    public abstract bool IsRefusal(Exception e);

    /// <summary>The most bytes that an input of this length may make the parser allocate, what was given back included.</summary>
    public virtual long AllocationLimit(int length) => (256 << 10) + (160L * length);

    /// <summary>Counts in powers of two: enough to tell shapes apart.</summary>
    protected static string Size(long count) => count <= 2 ? $"{count}" : $"2^{(int)Math.Log2(count)}";

    protected static void Promise(bool kept, string broken)
    {
        if (!kept) throw new Runs.BrokenPromiseException(broken);
    }

    /// <summary>Canonical formats have one form only.</summary>
    protected static void PromiseSame(ReadOnlySpan<byte> input, ReadOnlySpan<byte> encoded) => Promise(input.SequenceEqual(encoded), "encoded again it is something else");
}
