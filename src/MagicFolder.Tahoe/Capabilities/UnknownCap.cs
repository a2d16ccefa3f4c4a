using System.Security.Cryptography;
using System.Text;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>Why a cap counts as unknown.</summary>
public enum CapFault
{
    /// <summary>Its prefix is not known here; a later version may know it.</summary>
    None,

    /// <summary>A known prefix, but not its fields.</summary>
    Malformed,

    /// <summary>A write cap where only a read cap is allowed.</summary>
    MustBeReadOnly,

    /// <summary>A mutable cap where only immutable ones are allowed.</summary>
    MustBeDeepImmutable,

    /// <summary>An unknown cap in the place of a write cap, and no read cap beside it.</summary>
    MustNotBeUnknownWriteCap,

    /// <summary>Bytes that are no text.</summary>
    NotText,
}

/// <summary>A cap that cannot be used here, but is kept as it is, so that directories written by newer programs survive.</summary>
public sealed record UnknownCap : Cap
{
    public UnknownCap(string text, CapFault fault = CapFault.None)
    {
        ArgumentNullException.ThrowIfNull(text);
        (Text, Fault) = (text, fault);
    }

    public CapFault Fault { get; }

    public override string Kind => "unknown";

    protected override string Fingerprintable => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)).AsSpan(0, 4));

    /// <summary>A secret as much as any cap may be one, so it is no public property.</summary>
    private string Text { get; }

    public override Cap? ToVerifyCap() => null;

    public override string ToUriString() => Text;
}
