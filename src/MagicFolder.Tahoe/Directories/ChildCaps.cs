using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Directories;

/// <summary>
/// The caps by which a directory knows a child (tahoe-capabilities, section 5; tahoe-directories, section 3). Unknown caps are kept as they are, the read cap with the prefix that says
/// what its place alleges. Immutable.
/// </summary>
public sealed record ChildCaps
{
    private const string ReadOnlyPrefix = "ro.";
    private const string ImmutablePrefix = "imm.";

    private ChildCaps(Cap? write, Cap? read) => (Write, Read) = (write, read);

    /// <summary>A child without caps. It is legal, and others use it as a mark.</summary>
    public static ChildCaps None { get; } = new(null, null);

    /// <summary>Null if the child is read-only, or the directory is read with its read cap.</summary>
    public Cap? Write { get; }

    /// <summary>Null only if there is no known cap at all, or next to an unknown write cap.</summary>
    public Cap? Read { get; }

    /// <summary>The one with the greatest authority.</summary>
    public Cap? Best => Write ?? Read;

    /// <summary>The caps of an object whose cap is given.</summary>
    /// <exception cref="ArgumentException">An unknown cap without prefix, which may be a write cap: see <see cref="OfUnknown"/>. Or one with a fault.</exception>
    public static ChildCaps Of(Cap cap)
    {
        ArgumentNullException.ThrowIfNull(cap);
        return cap switch
        {
            UnknownCap unknown when unknown.Fault != CapFault.None => throw new ArgumentException($"This cap cannot be put into a directory: {unknown.Fault}.", nameof(cap)),
            UnknownCap unknown when !HasPrefix(unknown.ToUriString()) => throw new ArgumentException("An unknown cap may be a write cap; say what it is.", nameof(cap)),
            _ => OfKnown(cap),
        };
    }

    /// <summary>The caps of an object of a kind that is not known here.</summary>
    /// <param name="write">May be null.</param>
    /// <param name="read">Must not be null if <paramref name="write"/> has no prefix.</param>
    /// <exception cref="ArgumentException">The two do not go together.</exception>
    public static ChildCaps OfUnknown(string? write, string? read)
        => Parse(write, read, isImmutable: false, out var fault) ?? throw new ArgumentException($"These caps cannot be put into a directory: {fault}.", nameof(write));

    /// <summary>Without the authority to write.</summary>
    public ChildCaps ToReadOnly() => Write is null ? this : new ChildCaps(null, Read ?? Write.ToReadOnly());

    /// <summary>Redacted.</summary>
    public override string ToString() => $"ChildCaps({Best?.ToString() ?? "none"})";

    /// <summary>The caps that stand in a directory. Null: they must not stand there.</summary>
    /// <param name="write">Null if there is none, or it cannot be read.</param>
    /// <param name="read">Null if there is none.</param>
    /// <param name="isImmutable">The directory is.</param>
    /// <param name="fault">Why they must not.</param>
    internal static ChildCaps? Parse(string? write, string? read, bool isImmutable, out CapFault fault)
    {
        fault = CapFault.None;
        if (write is null)
        {
            return read is null ? None : ParseRead(read, isImmutable, out fault);
        }

        var cap = AllegedCap.Parse(write);
        if (cap is not UnknownCap unknown)
        {
            return OfKnown(cap);
        }

        fault = unknown.Fault;
        if (fault != CapFault.None)
        {
            return null;
        }

        if (read is null)
        {
            fault = HasPrefix(write) ? CapFault.None : CapFault.MustNotBeUnknownWriteCap;
            return fault == CapFault.None ? new ChildCaps(null, unknown) : null;
        }

        if (read.StartsWith(ImmutablePrefix, StringComparison.Ordinal))
        {
            fault = CapFault.MustBeDeepImmutable;
            return null;
        }

        var alleged = AllegedCap.Parse(WithPrefix(read));
        fault = (alleged as UnknownCap)?.Fault ?? CapFault.None;
        return fault == CapFault.None ? new ChildCaps(unknown, alleged) : null;
    }

    /// <summary>The read cap as it is stored: without what its place says anyway. Empty for none.</summary>
    internal string StoredRead(bool isImmutable)
    {
        var text = Read?.ToUriString() ?? string.Empty;
        var prefix = isImmutable ? ImmutablePrefix : ReadOnlyPrefix;
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return text;
        }

        // What would read as another cap without the prefix keeps it.
        var bare = text[prefix.Length..];
        return bare.Length == 0 || HasPrefix(bare) ? text : bare;
    }

    /// <summary>The same child in an immutable directory.</summary>
    /// <exception cref="ArgumentException">It can change, so it cannot be there.</exception>
    internal ChildCaps ToImmutable() => (Write, Read) switch
    {
        (null, null or ImmutableCap or ChkVerifyCap or DirectoryCap { Inner: ImmutableCap or ChkVerifyCap }) => this,
        (null, UnknownCap unknown) => new ChildCaps(null, new UnknownCap(AsImmutable(unknown.ToUriString()))),
        _ => throw new ArgumentException($"An immutable directory cannot hold {Best}, which can change."),
    };

    private static ChildCaps OfKnown(Cap cap) => cap.IsReadOnly ? new ChildCaps(null, cap) : new ChildCaps(cap, cap.ToReadOnly());

    private static ChildCaps? ParseRead(string read, bool isImmutable, out CapFault fault)
    {
        var cap = AllegedCap.Parse(read, isImmutable);
        fault = (cap as UnknownCap)?.Fault ?? CapFault.None;
        return fault != CapFault.None ? null
            : cap is not UnknownCap ? OfKnown(cap)
            : new ChildCaps(null, new UnknownCap(isImmutable ? AsImmutable(read) : WithPrefix(read)));
    }

    private static bool HasPrefix(string text) => text.StartsWith(ReadOnlyPrefix, StringComparison.Ordinal) || text.StartsWith(ImmutablePrefix, StringComparison.Ordinal);

    private static string WithPrefix(string text) => HasPrefix(text) ? text : ReadOnlyPrefix + text;

    /// <summary>Instead of <c>ro.</c>; but what would be another cap without that keeps it.</summary>
    private static string AsImmutable(string text)
    {
        if (text.StartsWith(ImmutablePrefix, StringComparison.Ordinal))
        {
            return text;
        }

        var bare = text.StartsWith(ReadOnlyPrefix, StringComparison.Ordinal) ? text[ReadOnlyPrefix.Length..] : text;
        return ImmutablePrefix + (bare.Length == 0 || HasPrefix(bare) ? text : bare);
    }
}
