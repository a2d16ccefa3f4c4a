using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>The grammar of cap strings (tahoe-capabilities, sections 2 and 2.3).</summary>
internal static class CapGrammar
{
    private const int MaxShares = 256;
    private const string Scheme = "URI:";

    /// <summary>Null: a known prefix, but not its fields.</summary>
    internal static Cap? Parse(string text)
    {
        var kind = KindOf(text);
        if (kind.Length == 0)
        {
            return new UnknownCap(text);
        }

        var fields = text.AsSpan(Scheme.Length + kind.Length + 1);
        if (!kind.StartsWith("DIR2", StringComparison.Ordinal))
        {
            return ParseFile(kind, fields);
        }

        // The directory kind is the file kind with another prefix, except that SSK is left out.
        var inner = kind switch
        {
            "DIR2" or "DIR2-RO" or "DIR2-Verifier" => "SSK" + kind[4..],
            _ => kind[5..],
        };
        return ParseFile(inner, fields) is { } file ? new DirectoryCap(file) : null;
    }

    /// <summary>The kind between <c>URI:</c> and the next colon if it is a known one, otherwise empty.</summary>
    internal static string KindOf(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return string.Empty;
        }

        var colon = text.IndexOf(':', Scheme.Length);
        var kind = colon < 0 ? string.Empty : text[Scheme.Length..colon];
        return kind switch
        {
            "LIT" or "CHK" or "CHK-Verifier" or "SSK" or "SSK-RO" or "SSK-Verifier" or "MDMF" or "MDMF-RO" or "MDMF-Verifier"
                or "DIR2" or "DIR2-RO" or "DIR2-Verifier" or "DIR2-MDMF" or "DIR2-MDMF-RO" or "DIR2-MDMF-Verifier"
                or "DIR2-CHK" or "DIR2-CHK-Verifier" or "DIR2-LIT" => kind,
            _ => string.Empty,
        };
    }

    internal static void CheckEncoding(int k, int n, long size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, MaxShares);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
    }

    private static FileCap? ParseFile(string kind, ReadOnlySpan<char> fields)
    {
        switch (kind)
        {
            case "LIT":
                return Base32.TryDecode(fields, out var data) ? LiteralCap.Owning(data) : null;
            case "CHK":
            case "CHK-Verifier":
                return ParseChk(fields, verifier: kind != "CHK");
            default:
                return ParseMutable(kind, fields);
        }
    }

    private static FileCap? ParseChk(ReadOnlySpan<char> fields, bool verifier)
    {
        Span<byte> key = stackalloc byte[AesKey.Length];
        Span<byte> hash = stackalloc byte[Digest.Length];
        if (!TakeBase32(ref fields, key) || !TakeColon(ref fields)
            || !TakeBase32(ref fields, hash) || !TakeColon(ref fields)
            || !TakeNumber(ref fields, out var k) || !TakeColon(ref fields)
            || !TakeNumber(ref fields, out var n) || !TakeColon(ref fields)
            || !TakeNumber(ref fields, out var size))
        {
            return null;
        }

        // Bytes after a verifier are dropped, as other readers do; after a read cap they are an error.
        if (k < 1 || n < k || n > MaxShares || (!verifier && !fields.IsEmpty))
        {
            return null;
        }

        return verifier
            ? new ChkVerifyCap(StorageIndex.From(key), Digest.From(hash), (int)k, (int)n, size)
            : new ChkCap(AesKey.From(key), Digest.From(hash), (int)k, (int)n, size);
    }

    private static FileCap? ParseMutable(string kind, ReadOnlySpan<char> fields)
    {
        Span<byte> key = stackalloc byte[16];
        Span<byte> hash = stackalloc byte[Digest.Length];
        if (!TakeBase32(ref fields, key) || !TakeColon(ref fields) || !TakeBase32(ref fields, hash))
        {
            return null;
        }

        // Older writers of MDMF caps appended parameters; they are ignored and not written again.
        var format = kind.StartsWith("MDMF", StringComparison.Ordinal) ? MutableFormat.Mdmf : MutableFormat.Sdmf;
        if (!fields.IsEmpty && !(format == MutableFormat.Mdmf && fields[0] == ':'))
        {
            return null;
        }

        var fingerprint = Digest.From(hash);
        return kind switch
        {
            "SSK" or "MDMF" => new MutableWriteCap(format, WriteKey.From(key), fingerprint),
            "SSK-RO" or "MDMF-RO" => new MutableReadCap(format, ReadKey.From(key), fingerprint),
            _ => new MutableVerifyCap(format, StorageIndex.From(key), fingerprint),
        };
    }

    private static bool TakeBase32(ref ReadOnlySpan<char> fields, scoped Span<byte> destination)
    {
        var length = Base32.EncodedLength(destination.Length);
        if (fields.Length < length || !Base32.TryDecode(fields[..length], destination))
        {
            return false;
        }

        fields = fields[length..];
        return true;
    }

    private static bool TakeColon(ref ReadOnlySpan<char> fields)
    {
        var found = !fields.IsEmpty && fields[0] == ':';
        fields = found ? fields[1..] : fields;
        return found;
    }

    private static bool TakeNumber(ref ReadOnlySpan<char> fields, out long number)
    {
        number = 0;
        var at = 0;
        for (; at < fields.Length && char.IsAsciiDigit(fields[at]); at++)
        {
            var digit = fields[at] - '0';
            if (number > (long.MaxValue - digit) / 10)
            {
                return false;
            }

            number = (number * 10) + digit;
        }

        fields = fields[at..];
        return at > 0;
    }
}
