using System.Diagnostics.CodeAnalysis;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>
/// A capability: it names an object of the grid and is the key to it (tahoe-capabilities; docs/formats/caps.md). Caps are immutable values, equal
/// when their URI strings are.
/// </summary>
/// <remarks><see cref="ToUriString"/> reveals the secret; <see cref="ToString"/> is redacted and safe to log.</remarks>
public abstract record Cap
{
    private protected Cap()
    {
    }

    /// <summary>Whether the object can change. Verify caps answer false.</summary>
    public virtual bool IsMutable => false;

    /// <summary>False only for caps that let their holder write.</summary>
    public virtual bool IsReadOnly => true;

    /// <summary>The cap kind as in its URI, without <c>URI:</c>, for instance <c>SSK-RO</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>What the redacted form shows of the object: never a secret.</summary>
    protected abstract string Fingerprintable { get; }

    /// <summary>Parses a cap; one with an unknown prefix becomes an <see cref="UnknownCap"/>.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.MalformedCap"/>: a known prefix, but not its fields.</exception>
    public static Cap Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var cap)
            ? cap
            : throw new DamagedShareException(ShareDamage.MalformedCap, $"This {CapGrammar.KindOf(text)} cap is malformed (its text is not shown, since it is a secret).");
    }

    /// <summary>Parses a cap of one kind.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.MalformedCap"/>, or <see cref="ShareDamage.WrongKindOfCap"/>.</exception>
    public static TCap Parse<TCap>(string text)
        where TCap : Cap
    {
        var cap = Parse(text);
        return cap as TCap
            ?? throw new DamagedShareException(ShareDamage.WrongKindOfCap, $"A {typeof(TCap).Name} is needed here, but this is {cap}.");
    }

    /// <summary>False when the text has a known prefix but not its fields.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Cap? cap)
    {
        cap = text is null ? null : CapGrammar.Parse(text);
        return cap is not null;
    }

    /// <summary>The cap with the authority to read but not to write; itself when it is read-only already.</summary>
    public virtual Cap ToReadOnly() => this;

    /// <summary>The cap that lets its holder check and repair, but not read; null for objects that no server stores.</summary>
    public abstract Cap? ToVerifyCap();

    /// <summary>The cap as text. It reveals the secret: only for storing and for handing over.</summary>
    public abstract string ToUriString();

    /// <summary>Redacted: the kind and a short fingerprint.</summary>
    public sealed override string ToString() => $"{Kind}({Fingerprintable})";

    private protected static string Short(StorageIndex index) => index.ToString()[..8];
}
