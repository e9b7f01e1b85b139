use dinggang::sheet::*;
use std::io::{Cursor, Read, Write};
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let n: u64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let mut parts = vec![];
    let mut z = zip::ZipArchive::new(Cursor::new(&bytes[..])).unwrap();
    for i in 0..z.len() {
        let mut p = z.by_index(i).unwrap();
        let mut v = vec![];
        p.read_to_end(&mut v).unwrap();
        parts.push((p.name().unwrap().into_owned(), v));
    }
    for p in &mut parts {
        if p.0.contains("worksheets") && p.1.len() > 6000 {
            // shorten: keep head and tail
            let tail = p.1.windows(12).rposition(|w| w == b"</sheetData>").unwrap();
            let cut =
                p.1.windows(6)
                    .position(|w| w == b"</row>")
                    .map(|_| {
                        let mut c = 0;
                        let mut k = 0;
                        for (i, w) in p.1.windows(6).enumerate() {
                            if w == b"</row>" {
                                k += 1;
                                c = i + 6;
                                if k == 8 {
                                    break;
                                }
                            }
                        }
                        c
                    })
                    .unwrap();
            let t = p.1[tail..].to_vec();
            p.1.truncate(cut);
            p.1.extend(t);
        }
    }
    let mut seed = 0x9E3779B97F4A7C15u64;
    let mut rnd = move |m: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % m as u64) as usize
    };
    let (mut refused, mut back, mut bad) = (0, 0, 0);
    let bits: &[&[u8]] = &[
        b"<",
        b">",
        b"\"",
        b"<c r=\"B2\">",
        b"</c>",
        b"<row>",
        b"</row>",
        b"&#x0;",
        b"&lt;",
        b"<!--",
        b"<![CDATA[",
        b"999999999",
        b"-1",
        b"e",
        b"r=",
        b" ",
        b"<mergeCell ref=\"A1:B999\"/>",
        b"</sheetData>",
        b"<v>",
        b"</v>",
        b"t=\"s\"",
        b"s=\"4\"",
        b"\xff",
        "＊".as_bytes(),
    ];
    for i in 0..n {
        let mut zw = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let which = rnd(parts.len());
        for (k, (name, v)) in parts.iter().enumerate() {
            let mut v = v.clone();
            if k == which || (name.contains("sheet") && rnd(3) == 0) {
                for _ in 0..1 + rnd(4) {
                    if v.is_empty() {
                        break;
                    }
                    let at = rnd(v.len());
                    match rnd(4) {
                        0 => v[at] = rnd(256) as u8,
                        1 => {
                            let e = (at + rnd(30)).min(v.len());
                            v.drain(at..e);
                        }
                        2 => {
                            let b = bits[rnd(bits.len())];
                            v.splice(at..at, b.iter().copied());
                        }
                        _ => {
                            let e = (at + rnd(200)).min(v.len());
                            let d = v[at..e].to_vec();
                            v.splice(at..at, d);
                        }
                    }
                }
            }
            zw.start_file(
                name.as_str(),
                zip::write::SimpleFileOptions::default()
                    .compression_method(zip::CompressionMethod::Stored),
            )
            .unwrap();
            zw.write_all(&v).unwrap();
        }
        let b = zw.finish().unwrap().into_inner();
        let inputs = [Input {
            name: "a".into(),
            bytes: b,
        }];
        let t = std::time::Instant::now();
        let r = read(&inputs, (2026, 11, 22), &|_| {});
        if t.elapsed().as_millis() > 500 {
            println!("slow {i}");
        }
        if !r.refused_files.is_empty() {
            refused += 1;
            continue;
        }
        match write_back(&inputs[0].bytes, &r, 0, |f| f.code.key().into()) {
            Ok(w) => {
                back += 1;
                let again = read(
                    &[Input {
                        name: "a".into(),
                        bytes: w.bytes,
                    }],
                    (2026, 11, 22),
                    &|_| {},
                );
                if again.faults.len() != r.faults.len()
                    || again.register.people.len() != r.register.people.len()
                {
                    bad += 1;
                    if bad < 4 {
                        println!(
                            "differs {i} {} {:?} {} {}",
                            w.original,
                            again.refused_files,
                            again.faults.len(),
                            r.faults.len()
                        );
                        std::fs::write(format!("/tmp/bad{bad}.xlsx"), &inputs[0].bytes).unwrap();
                    }
                }
            }
            Err(e) => {
                println!("back {i} {e}");
            }
        }
    }
    println!("refused {refused} back {back} bad {bad}");
}
