namespace MagicFolder.Tahoe.Capabilities;

/// <summary>A file so small that the cap holds its bytes; no server stores anything.</summary>
public sealed record LiteralCap : ImmutableCap
{
    /// <summary>Writers use literals up to this size; readers accept any.</summary>
    public const int MaxSize = 55;

    public LiteralCap(ReadOnlySpan<byte> data) => Data = data.ToArray();

    private LiteralCap(byte[] data) => Data = data;

    /// <summary>The content of the file.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    public override long Size => Data.Length;

    public override string Kind => "LIT";

    internal override string Fields => Base32.Encode(Data.Span);

    protected override string Fingerprintable => $"{Data.Length} bytes";

    public override Cap? ToVerifyCap() => null;

    public bool Equals(LiteralCap? other) => other is not null && Data.Span.SequenceEqual(other.Data.Span);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Data.Span);
        return hash.ToHashCode();
    }

    internal static LiteralCap Owning(byte[] data) => new(data);
}
