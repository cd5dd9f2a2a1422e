;; Records how Clojure's arithmetic treats pairs of numbers: clojure record.clj > pairs.tsv, and
;; clojure record.clj unary > unary.tsv. A number is written 1, 1N, 1/2, 1.5M, d:<bits of a double>,
;; f:<bits of a float>, c:<char>; ! stands for an exception.
(def numbers
  [0 1 -7 9007199254740993 Long/MAX_VALUE Long/MIN_VALUE
   0N 5N -12345678901234567890N
   1/2 -7/3 123456789012345678901/1000
   0M 1.50M -0.00125M 1E+3M 12345678901234567890.123456789M
   -0.0 1.0 -2.5 1e300 9.223372036854775807E18 ##Inf ##NaN (float 0.1)])

(def unary-only
  [-1 -3 22/7 1/8 3M 0.0 0.1 ##-Inf 65535 65536 97.9 -0.5 0.9999 1e-7 1.17e-5 123456.789 1e7 9999999.5 1e21 -2147483649.0 1e19 -1e19
   3.4028234663852886E38 3.5e38 4.9E-324 1.7976931348623157E308 2/3 1/3 -1/7 1234567890123456789/3
   9007199254740993/2 100000000000000000001/3 9223372036854775808N -9223372036854775808N
   2147483647 -2147483648 0.000001M 0.0000001M 0E+3M 0E-7M 0.00M -1E-10M 1.230E+5M 5E+20M
   9007199254740993M 99999999999999999999.5M (float 1.5) (float 1e10) (float 16777216) Float/POSITIVE_INFINITY
   Float/MIN_VALUE])

(defn show [x]
  (cond (instance? Double x) (format "d:%016x" (Double/doubleToLongBits x))
        (instance? Float x) (format "f:%08x" (Float/floatToIntBits x))
        (char? x) (str "c:" (int x))
        (instance? BigInteger x) (show (if (< (.bitLength x) 64) (.longValue x) (bigint x)))
        :else (pr-str x)))

(defn attempt [f & args]
  (try (show (apply f args)) (catch Throwable _ "!")))

;; Clojure itself overflows where it reduces a ratio of the least long; ksv gives the true ratio.
(defn divide [x y]
  (let [r (/ x y)] (if (and (ratio? r) (every? int? [x y])) (/ (bigint x) y) r)))

;; A NaN is equal to itself if it is the very same object.
(defn fresh [x] (if (instance? Double x) (Double. x) x))

(def binary [#'+ #'+' #'- #'-' #'* #'*' #'divide #'quot #'rem #'mod #'min #'max #'compare #'== #'< #'<= #'=])
(def unary [#'- #'-' #'inc #'inc' #'dec #'dec' #'abs #'zero? #'pos? #'neg? #'odd? #'long #'int #'double
            #'float #'bigint #'bigdec #'rationalize #'char #'numerator #'denominator #'bit-not])

(defn line [cells] (println (apply str (interpose "\t" cells))))
(defn names [vars] (map #(str (:name (meta %))) vars))

(if (= ["unary"] *command-line-args*)
  (do (line (cons "x" (names unary)))
      (doseq [x (concat numbers unary-only)]
        (line (cons (show x) (map #(attempt @% x) unary)))))
  (do (line (concat ["x" "y"] (names binary)))
      (doseq [x numbers y numbers]
        (line (concat [(show x) (show y)] (map #(attempt @% x (fresh y)) binary))))))
